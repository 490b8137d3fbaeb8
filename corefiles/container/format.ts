/**
 * The bytes of the container: file header, chunk headers, table of contents. See FORMAT.md.
 *
 * A file is a 20-byte header and then nothing but chunks, each with a 32-byte header:
 *
 *   89 52 55 4d 0d 0a 1a 0a  01 00 00 00  <file id>  <crc>      \x89 R U M \r \n \x1a \n, version 1.0
 *   43 4f 4e 46  <file id>  00 00 00 00  01 01 00 00  …         CONF, chunk 0, version 1, deflated
 *   …
 *   54 4f 43 20 …                                               TOC: where every chunk is
 *   45 4e 44 20 …                                               END: where the TOC is; the last 44 bytes
 *
 * Must hold  A chunk's header says nothing that its own CRC does not cover, and its payload nothing
 *            that the header's payload CRC does not, so damage to one chunk is known to be damage
 *            and costs that chunk only. The file id and the sequence number are in every header, so
 *            that a chunk from another file, or one that occurs twice, is known for what it is.
 *            Nothing at the end is needed to read what comes before it.
 */

import { crc32 } from './crc.ts';

/** As PNG's: the high bit, the two line ends and the ^Z each fall to one kind of text-mode damage. */
export const MAGIC = Uint8Array.of(0x89, 0x52, 0x55, 0x4d, 0x0d, 0x0a, 0x1a, 0x0a);
export const MAJOR = 1;
export const MINOR = 0;
export const FILE_HEADER_BYTES = 20;
export const CHUNK_HEADER_BYTES = 32;
export const TOC = 'TOC ';
export const END = 'END ';
/** Bytes in one entry of the table of contents, after its 4-byte count. */
export const TOC_ENTRY_BYTES = 20;
export const END_PAYLOAD_BYTES = 12;

export const CODEC_NONE = 0;
export const CODEC_DEFLATE = 1;

/** A deflate stream cannot grow by more than this; a header that claims more is not believed. */
export const MAX_DEFLATE_RATIO = 1032;

/** What a reader is willing to spend on a file, and so what a writer must stay below. */
export interface Limits {
  /** Chunks in a file. */
  maxChunks: number;
  /** Bytes of one chunk, stored or inflated. */
  maxChunkBytes: number;
  /** Bytes of all chunks that are read from one open file, inflated. */
  maxTotalBytes: number;
}

export const LIMITS: Readonly<Limits> = {
  maxChunks: 16_384,
  maxChunkBytes: 32 << 20,
  maxTotalBytes: 128 << 20,
};

/** A chunk as its writer made it: a type of four characters A-Z, 0-9 or space, and its payload. */
export interface Chunk {
  type: string;
  /** Version of this payload's layout; a reader skips a chunk with a later one than it knows. */
  version: number;
  raw: Uint8Array;
}

/** A chunk's header as it stands in a file. */
export interface ChunkHeader {
  type: string;
  fileId: number;
  /** 0 for the first chunk of the file, then one more each. */
  sequence: number;
  codec: number;
  version: number;
  rawBytes: number;
  storedBytes: number;
  /** CRC-32 of the payload as stored. */
  payloadCrc: number;
}

export function encodeFileHeader(fileId: number): Buffer {
  const out = Buffer.alloc(FILE_HEADER_BYTES);
  out.set(MAGIC, 0);
  out.writeUInt16LE(MAJOR, 8);
  out.writeUInt16LE(MINOR, 10);
  out.writeUInt32LE(fileId, 12);
  out.writeUInt32LE(crc32(out.subarray(0, 16)), 16);
  return out;
}

export function encodeChunkHeader(h: ChunkHeader): Buffer {
  const out = Buffer.alloc(CHUNK_HEADER_BYTES);
  out.write(h.type, 0, 4, 'latin1');
  out.writeUInt32LE(h.fileId, 4);
  out.writeUInt32LE(h.sequence, 8);
  out.writeUInt8(h.codec, 12);
  out.writeUInt8(h.version, 13);
  out.writeUInt32LE(h.rawBytes, 16);
  out.writeUInt32LE(h.storedBytes, 20);
  out.writeUInt32LE(h.payloadCrc, 24);
  out.writeUInt32LE(crc32(out.subarray(0, 28)), 28);
  return out;
}

/** The chunk header at `at` in `bytes`, or undefined when there is none (or a damaged one). */
export function decodeChunkHeader(bytes: Buffer, at: number): ChunkHeader | undefined {
  if (at < 0 || at + CHUNK_HEADER_BYTES > bytes.length) return undefined;
  if (bytes.readUInt16LE(at + 14) !== 0) return undefined;
  for (let i = 0; i < 4; i++) if (!isTypeByte(bytes[at + i])) return undefined;
  if (crc32(bytes.subarray(at, at + 28)) !== bytes.readUInt32LE(at + 28)) return undefined;
  return {
    type: bytes.toString('latin1', at, at + 4),
    fileId: bytes.readUInt32LE(at + 4),
    sequence: bytes.readUInt32LE(at + 8),
    codec: bytes.readUInt8(at + 12),
    version: bytes.readUInt8(at + 13),
    rawBytes: bytes.readUInt32LE(at + 16),
    storedBytes: bytes.readUInt32LE(at + 20),
    payloadCrc: bytes.readUInt32LE(at + 24),
  };
}

/** True for the characters that may stand in a chunk's type. */
export function isTypeByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x20;
}

/** One line of the table of contents. */
export interface TocEntry {
  type: string;
  /** Offset of the chunk's header in the file. */
  offset: number;
  sequence: number;
  storedBytes: number;
}

export function encodeToc(entries: readonly TocEntry[]): Buffer {
  const out = Buffer.alloc(4 + entries.length * TOC_ENTRY_BYTES);
  out.writeUInt32LE(entries.length, 0);
  let at = 4;
  for (const entry of entries) {
    out.write(entry.type, at, 4, 'latin1');
    out.writeBigUInt64LE(BigInt(entry.offset), at + 4);
    out.writeUInt32LE(entry.sequence, at + 12);
    out.writeUInt32LE(entry.storedBytes, at + 16);
    at += TOC_ENTRY_BYTES;
  }
  return out;
}

/** The entries of a table of contents, or undefined when its length is not what its count says. */
export function decodeToc(raw: Buffer): TocEntry[] | undefined {
  if (raw.length < 4 || raw.length !== 4 + raw.readUInt32LE(0) * TOC_ENTRY_BYTES) return undefined;
  const entries: TocEntry[] = [];
  for (let at = 4; at < raw.length; at += TOC_ENTRY_BYTES) {
    entries.push({
      type: raw.toString('latin1', at, at + 4),
      offset: Number(raw.readBigUInt64LE(at + 4)),
      sequence: raw.readUInt32LE(at + 12),
      storedBytes: raw.readUInt32LE(at + 16),
    });
  }
  return entries;
}

/** The payload of the END chunk: where the table of contents is, and how many entries it has. */
export function encodeEnd(tocOffset: number, count: number): Buffer {
  const out = Buffer.alloc(END_PAYLOAD_BYTES);
  out.writeBigUInt64LE(BigInt(tocOffset), 0);
  out.writeUInt32LE(count, 8);
  return out;
}

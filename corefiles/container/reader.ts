/**
 * Reads a container: a file or a buffer, sound or not.
 *
 * Opening looks at headers only; a payload is read, checked and inflated when it is asked for.
 * Nothing here throws after openContainer() has returned: a chunk that cannot be given is undefined,
 * and `warnings` has a sentence that says which, where and why.
 */

import { inflateRawSync } from 'node:zlib';
import { CoreFileError } from '../errors.ts';
import { crc32 } from './crc.ts';
import {
  CHUNK_HEADER_BYTES,
  type ChunkHeader,
  CODEC_DEFLATE,
  CODEC_NONE,
  decodeChunkHeader,
  decodeToc,
  END,
  END_PAYLOAD_BYTES,
  FILE_HEADER_BYTES,
  LIMITS,
  type Limits,
  MAGIC,
  MAJOR,
  MAX_DEFLATE_RATIO,
  TOC,
} from './format.ts';
import { type FoundChunk, scanChunks, warn } from './scan.ts';
import { bufferSource, fileSource, type Source } from './source.ts';

export type { FoundChunk } from './scan.ts';

/** Opens a file by name, or bytes. Errors: unreadable, not-rumpus, newer-version. */
export function openContainer(from: string | Uint8Array, limits: Limits = LIMITS): ContainerReader {
  const source = typeof from === 'string' ? fileSource(from) : bufferSource(from);
  try {
    return new ContainerReader(source, limits);
  } catch (error) {
    source.close();
    throw error;
  }
}

export class ContainerReader {
  /** What is wrong with the file, a sentence each, in the order in which it was noticed. */
  readonly warnings: string[];
  /** The chunks, in the order in which they were written, without the table of contents. */
  readonly chunks: readonly FoundChunk[];
  /** True when the file has its end and every chunk's header; payloads are known when read. */
  readonly complete: boolean;
  private readonly source: Source;
  private readonly limits: Limits;
  /** Chunks that were read, or found bad, before. */
  private readonly counted = new Set<FoundChunk>();
  private readonly warned = new Set<FoundChunk>();
  private totalBytes = 0;

  constructor(source: Source, limits: Limits) {
    this.source = source;
    this.limits = limits;
    const head = readFileHeader(source);
    const scan = scanChunks(source, limits, head.fileId);
    this.warnings = [...head.warnings, ...scan.warnings];
    const all = [...scan.chunks.values()].sort((a, b) => a.sequence - b.sequence);
    this.complete = this.checkEnd(all) && this.warnings.length === 0;
    this.chunks = all.filter((chunk) => chunk.type !== TOC && chunk.type !== END);
  }

  /** The chunks of a type, in order. */
  find(type: string): FoundChunk[] {
    return this.chunks.filter((chunk) => chunk.type === type);
  }

  /** The payload of a chunk, checked and inflated; undefined, with a warning, when it is damaged. */
  read(chunk: FoundChunk): Buffer | undefined {
    const result = this.load(chunk);
    if (typeof result !== 'string') return result;
    if (!this.warned.has(chunk)) {
      const what = `The ${chunk.type} chunk at offset ${chunk.offset}`;
      warn(this.warnings, `${what} is not used: ${result}.`);
    }
    this.warned.add(chunk);
    return undefined;
  }

  /** Adds a sentence of a section's own reader to the warnings. */
  warn(sentence: string): void {
    warn(this.warnings, sentence);
  }

  close(): void {
    this.source.close();
  }

  /** The payload, or why there is none. */
  private load(chunk: FoundChunk): Buffer | string {
    const refusal = this.refuse(chunk);
    if (refusal !== undefined) return refusal;
    const stored = this.source.read(chunk.offset + CHUNK_HEADER_BYTES, chunk.storedBytes);
    if (stored.length < chunk.storedBytes) return 'the file ends inside it';
    if (crc32(stored) !== chunk.payloadCrc) return 'its checksum is wrong';
    if (chunk.codec === CODEC_NONE) return stored;
    return inflate(stored, chunk.rawBytes);
  }

  /** Why the header alone is enough to leave the payload alone, or undefined. */
  private refuse(chunk: FoundChunk): string | undefined {
    if (chunk.missingBytes > 0) return `${chunk.missingBytes} bytes of it are missing`;
    if (chunk.codec > CODEC_DEFLATE) return `its compression (${chunk.codec}) is not known`;
    const { rawBytes, storedBytes } = chunk;
    const most = this.limits.maxChunkBytes;
    if (Math.max(rawBytes, storedBytes) > most) return `it is larger than ${most} bytes`;
    if (chunk.codec === CODEC_NONE && rawBytes !== storedBytes) return 'its two lengths differ';
    if (rawBytes > storedBytes * MAX_DEFLATE_RATIO) return 'no data can inflate as it claims';
    if (this.counted.has(chunk)) return undefined;
    const total = this.totalBytes + Math.max(rawBytes, storedBytes);
    if (total > this.limits.maxTotalBytes) {
      return `with it, more than ${this.limits.maxTotalBytes} bytes would be in memory`;
    }
    this.totalBytes = total;
    this.counted.add(chunk);
    return undefined;
  }

  /** True when the file's end is there; warns about what its table of contents has and we do not. */
  private checkEnd(all: FoundChunk[]): boolean {
    const end = all.at(-1);
    if (end === undefined || end.type !== END || end.rawBytes !== END_PAYLOAD_BYTES) {
      warn(this.warnings, 'The file has no end: it was cut off, or its writer did not finish.');
      this.warnGaps(all);
      return false;
    }
    // By number, not by the offset in END: that is wrong once bytes before it were lost.
    const toc = all.at(-2);
    const isToc = toc?.type === TOC && toc.sequence === end.sequence - 1;
    const raw = isToc && this.read(end) !== undefined ? this.read(toc) : undefined;
    const entries = raw && decodeToc(raw);
    if (entries === undefined) {
      warn(this.warnings, 'The table of contents is damaged.');
      this.warnGaps(all);
      return false;
    }
    const have = new Set(all.map((chunk) => chunk.sequence));
    for (const entry of entries) {
      if (have.has(entry.sequence)) continue;
      const type = entry.type.replace(/[^A-Z0-9 ]/g, '?');
      warn(this.warnings, `Chunk ${entry.sequence} (${type}, offset ${entry.offset}) is missing.`);
    }
    return true;
  }

  private warnGaps(all: FoundChunk[]): void {
    let next = 0;
    for (const { sequence } of all) {
      if (sequence === next + 1) warn(this.warnings, `Chunk ${next} is missing.`);
      else if (sequence > next)
        warn(this.warnings, `Chunks ${next} to ${sequence - 1} are missing.`);
      next = sequence + 1;
    }
  }
}

function inflate(stored: Buffer, rawBytes: number): Buffer | string {
  try {
    const raw = inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) });
    return raw.length === rawBytes ? raw : 'it inflates to another length than it says';
  } catch {
    return 'it does not inflate';
  }
}

function readFileHeader(source: Source): { fileId: number | undefined; warnings: string[] } {
  const bytes = source.read(0, FILE_HEADER_BYTES);
  if (bytes.length < MAGIC.length || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new CoreFileError('not-rumpus', `${source.name} ${foreign(bytes)}`, 0);
  }
  if (bytes.length < FILE_HEADER_BYTES) {
    return { fileId: undefined, warnings: ['The file is cut off in its header.'] };
  }
  if (crc32(bytes.subarray(0, 16)) !== bytes.readUInt32LE(16)) {
    const warnings = ['The file header is damaged; version 1 is assumed.'];
    return { fileId: endOf(source)?.fileId, warnings };
  }
  const major = bytes.readUInt16LE(8);
  if (major !== MAJOR) {
    const hint = `this Rumpus reads version ${MAJOR}; use a newer one`;
    const what = `${source.name} has format version ${major}`;
    throw new CoreFileError('newer-version', `${what}: ${hint}.`, 8);
  }
  return { fileId: bytes.readUInt32LE(12), warnings: [] };
}

/** The header of the END chunk that a finished file ends with. */
function endOf(source: Source): ChunkHeader | undefined {
  const bytes = CHUNK_HEADER_BYTES + END_PAYLOAD_BYTES;
  const header = decodeChunkHeader(source.read(Math.max(0, source.size - bytes), bytes), 0);
  return header?.type === END ? header : undefined;
}

function foreign(bytes: Buffer): string {
  if (bytes.length === 0) return 'is empty: not a Rumpus file.';
  // The high bit may be lost, and the line ends changed; the letters stay.
  if ((bytes[0] & 0x7f) === 0x09 && bytes.toString('latin1', 1, 4) === 'RUM') {
    return 'was a Rumpus file, but was changed on its way: copy it again in binary mode.';
  }
  return 'is not a Rumpus file (recording, trace or core).';
}

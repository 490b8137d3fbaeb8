/**
 * Writes a container, chunk by chunk.
 *
 * What is added is in the file when add() returns: whoever dies later leaves what came before. When
 * a write fails (a full disk), the file is cut back to its last whole chunk and the writer stays
 * usable, so that a caller may leave out what did not fit and still finish().
 */

import { deflateRawSync } from 'node:zlib';
import { CoreFileError } from '../errors.ts';
import { crc32 } from './crc.ts';
import {
  CHUNK_HEADER_BYTES,
  type Chunk,
  CODEC_DEFLATE,
  CODEC_NONE,
  END,
  encodeChunkHeader,
  encodeEnd,
  encodeFileHeader,
  encodeToc,
  FILE_HEADER_BYTES,
  isTypeByte,
  LIMITS,
  TOC,
  type TocEntry,
} from './format.ts';
import { BufferSink, FileSink, type Sink } from './sink.ts';

/** Payloads below this are stored as they are: deflating them saves nothing. */
const DEFLATE_FROM_BYTES = 64;
/** Chunks kept back for the table of contents and the end. */
const CLOSING_CHUNKS = 2;
/** What a reader takes, less room for the table of contents. */
const MAX_RAW_BYTES = LIMITS.maxTotalBytes - (1 << 20);

export class ContainerWriter {
  private readonly sink: Sink;
  private readonly toc: TocEntry[] = [];
  private offset = 0;
  private fileId = 0;
  /** Bytes added so far, before compression: no more than a reader would take. */
  private rawBytes = 0;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.offset;
  }

  /** Adds a chunk, deflated when that makes it smaller. Errors: invalid, unwritable. */
  add(chunk: Chunk): void {
    if (this.toc.length >= LIMITS.maxChunks - CLOSING_CHUNKS) {
      throw new CoreFileError('invalid', `A file holds at most ${LIMITS.maxChunks} chunks.`);
    }
    if (this.rawBytes + chunk.raw.length > MAX_RAW_BYTES) {
      throw new CoreFileError(
        'invalid',
        `A file holds at most ${LIMITS.maxTotalBytes} bytes of data.`,
      );
    }
    this.put(chunk);
    this.rawBytes += chunk.raw.length;
  }

  /** Writes the table of contents and gives the file its name. */
  finish(): void {
    const at = this.offset;
    const count = this.toc.length;
    this.put({ type: TOC, version: 1, raw: encodeToc(this.toc) });
    // The end has a fixed size, so that it is found from the end of the file.
    this.put({ type: END, version: 1, raw: encodeEnd(at || FILE_HEADER_BYTES, count) });
    this.sink.finish();
  }

  /** Removes what was written. */
  abandon(): void {
    this.sink.abandon();
  }

  private put(chunk: Chunk): void {
    checkChunk(chunk);
    if (this.offset === 0) this.start(chunk);
    const { codec, stored } = pack(chunk.raw);
    const header = encodeChunkHeader({
      type: chunk.type,
      fileId: this.fileId,
      sequence: this.toc.length,
      codec,
      version: chunk.version,
      rawBytes: chunk.raw.length,
      storedBytes: stored.length,
      payloadCrc: crc32(stored),
    });
    this.write(header, stored);
    this.toc.push({
      type: chunk.type,
      offset: this.offset,
      sequence: this.toc.length,
      storedBytes: stored.length,
    });
    this.offset += CHUNK_HEADER_BYTES + stored.length;
  }

  /** The file id is derived from the first chunk, so that the same data make the same file. */
  private start(chunk: Chunk): void {
    this.fileId = crc32(chunk.raw, crc32(Buffer.from(chunk.type, 'latin1')));
    this.sink.write(encodeFileHeader(this.fileId));
    this.offset = FILE_HEADER_BYTES;
  }

  private write(header: Uint8Array, stored: Uint8Array): void {
    try {
      this.sink.write(header);
      this.sink.write(stored);
    } catch (error) {
      this.sink.truncate(this.offset);
      throw error;
    }
  }
}

function pack(raw: Uint8Array): { codec: number; stored: Uint8Array } {
  if (raw.length >= DEFLATE_FROM_BYTES) {
    const stored = deflateRawSync(raw, { level: 1 });
    if (stored.length < raw.length) return { codec: CODEC_DEFLATE, stored };
  }
  // A copy: the caller may reuse its buffer before a memory sink is read.
  return { codec: CODEC_NONE, stored: Uint8Array.from(raw) };
}

function checkChunk(chunk: Chunk): void {
  const bytes = Buffer.from(chunk.type, 'latin1');
  if (bytes.length !== 4 || !bytes.every(isTypeByte)) {
    throw new CoreFileError(
      'invalid',
      `'${chunk.type}' is no chunk type: four of A-Z, 0-9, space.`,
    );
  }
  if (chunk.raw.length > LIMITS.maxChunkBytes) {
    const most = LIMITS.maxChunkBytes;
    const what = `A ${chunk.type} chunk of ${chunk.raw.length} bytes`;
    throw new CoreFileError('invalid', `${what} is over the limit of ${most}: split it.`);
  }
}

/** Writes a whole file: it appears under its name complete, or not at all. */
export function writeContainerFile(file: string, chunks: Iterable<Chunk>): void {
  const writer = new ContainerWriter(new FileSink(file));
  try {
    for (const chunk of chunks) writer.add(chunk);
    writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** The bytes of a file with these chunks. */
export function containerBytes(chunks: Iterable<Chunk>): Buffer {
  const sink = new BufferSink();
  const writer = new ContainerWriter(sink);
  for (const chunk of chunks) writer.add(chunk);
  writer.finish();
  return sink.bytes();
}

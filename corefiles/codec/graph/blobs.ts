/**
 * The bytes of ArrayBuffers, kept apart from the objects. See FORMAT.md, "GBLB".
 *
 * Of a buffer that is reached through views only, just the bytes that the views cover are stored:
 * Node hands out small Buffers from a pool whose other bytes belong to the host process, and a core
 * holds nothing of the host's.
 */

import { ByteReader } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { BLOB_CHUNK, BLOB_CHUNK_BYTES, GRAPH_VERSION, MAX_OBJECTS, MAX_PIECES } from './format.ts';
import { type Chunk, LIMITS } from '../../container/format.ts';

/** No file has room for more bytes than these pieces hold. */
const MAX_PIECES_A_BUFFER = LIMITS.maxTotalBytes / BLOB_CHUNK_BYTES;

interface Range {
  start: number;
  end: number;
}

/** What is known of one buffer during a walk. */
interface Blob {
  buffer: ArrayBufferLike;
  ranges: Range[];
}

/** Bytes of a buffer as stored: those at `start` in `raw` stand at `offset` in the buffer. */
export interface Piece {
  offset: number;
  length: number;
  raw: Uint8Array;
  start: number;
}

/** The pieces of a file, by the number of their object. */
export interface Pieces {
  byId: Map<number, Piece[]>;
  count: number;
}

export class BlobCollector {
  private readonly blobs = new Map<number, Blob>();

  /** Bytes `start` to `end` of buffer `id` are wanted. */
  want(id: number, buffer: object, start: number, end: number): void {
    let blob = this.blobs.get(id);
    if (blob === undefined) {
      blob = { buffer: buffer as ArrayBufferLike, ranges: [] };
      this.blobs.set(id, blob);
    }
    blob.ranges.push({ start, end });
  }

  /** The chunks, and whether `maxBytes` was enough. */
  encode(maxBytes: number): { chunks: Chunk[]; whole: boolean } {
    const out = new BlobChunks();
    let left = maxBytes;
    for (const [id, blob] of this.blobs) {
      for (const range of merge(blob.ranges)) {
        if (out.isFull) return { chunks: out.finish(), whole: false };
        const end = Math.min(range.end, range.start + left);
        out.add(id, blob.buffer, { start: range.start, end });
        left -= end - range.start;
        if (end < range.end) return { chunks: out.finish(), whole: false };
      }
    }
    return { chunks: out.finish(), whole: true };
  }
}

/** Splits ranges into pieces, and pieces into chunks of about a mebibyte. */
class BlobChunks {
  private readonly chunks: Chunk[] = [];
  private writer = new ByteWriter();
  private pieces = 0;

  /** True when there may be no room for the pieces of the largest buffer. */
  get isFull(): boolean {
    return this.pieces > MAX_PIECES - MAX_PIECES_A_BUFFER;
  }

  add(id: number, buffer: ArrayBufferLike, range: Range): void {
    for (let at = range.start; at < range.end; ) {
      const length = Math.min(range.end - at, BLOB_CHUNK_BYTES);
      this.writer.varint(id);
      this.writer.varint(at);
      this.writer.varint(length);
      this.writer.bytes(new Uint8Array(buffer, at, length));
      at += length;
      this.pieces++;
      if (this.writer.length >= BLOB_CHUNK_BYTES) this.flush();
    }
  }

  finish(): Chunk[] {
    this.flush();
    return this.chunks;
  }

  private flush(): void {
    if (this.writer.length === 0) return;
    this.chunks.push({ type: BLOB_CHUNK, version: GRAPH_VERSION, raw: this.writer.take() });
    this.writer = new ByteWriter();
  }
}

/** The same bytes in ranges that neither overlap nor touch, from low to high. */
function merge(ranges: Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (range.end <= range.start) continue;
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

/** Adds the pieces of a blob chunk to `pieces`. Errors: damaged. */
export function readBlobChunk(raw: Uint8Array, pieces: Pieces): void {
  const input = new ByteReader(raw);
  while (input.left > 0) {
    if (++pieces.count > MAX_PIECES) input.fail(`there are more than ${MAX_PIECES} pieces`);
    const id = input.varint();
    if (id >= MAX_OBJECTS) input.fail(`there is no object ${id}`);
    const offset = input.varint();
    const length = input.varint();
    const piece: Piece = { offset, length, raw, start: input.skip(length) };
    const known = pieces.byId.get(id);
    if (known === undefined) pieces.byId.set(id, [piece]);
    else known.push(piece);
  }
}

/** Bytes `offset` to `offset + length` of a buffer; undefined when some are not stored. */
export function bytesOf(
  pieces: readonly Piece[] | undefined,
  offset: number,
  length: number,
): Uint8Array | undefined {
  const stored = (pieces ?? []).reduce((sum, piece) => sum + piece.length, 0);
  // Pieces do not overlap, so a length beyond them all is a lie or a loss.
  if (!Number.isInteger(length) || length < 0 || length > stored) return undefined;
  const out = new Uint8Array(length);
  let filled = 0;
  for (const piece of pieces ?? []) {
    const from = Math.max(offset, piece.offset);
    const to = Math.min(offset + length, piece.offset + piece.length);
    if (to <= from) continue;
    const start = piece.start - piece.offset;
    out.set(piece.raw.subarray(start + from, start + to), from - offset);
    filled += to - from;
  }
  return filled === length ? out : undefined;
}

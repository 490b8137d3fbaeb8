/**
 * The bytes of ArrayBuffers, kept apart from the objects. See FORMAT.md, "GBLB".
 *
 * Of a buffer that is reached through views only, just the bytes that the views cover are stored:
 * Node hands out small Buffers from a pool whose other bytes belong to the host process, and a core
 * holds nothing of the host's.
 */

import { ByteReader } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { BLOB_CHUNK, BLOB_CHUNK_BYTES, GRAPH_VERSION, MAX_OBJECTS } from './format.ts';
import type { Chunk } from '../../container/format.ts';

interface Range {
  start: number;
  end: number;
}

/** What is known of one buffer during a walk. */
interface Blob {
  buffer: ArrayBufferLike;
  ranges: Range[];
}

/** Bytes of a buffer as stored: `bytes` stand at `offset` in the buffer. */
export interface Piece {
  offset: number;
  bytes: Uint8Array;
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

  add(id: number, buffer: ArrayBufferLike, range: Range): void {
    for (let at = range.start; at < range.end; ) {
      const length = Math.min(range.end - at, BLOB_CHUNK_BYTES);
      this.writer.varint(id);
      this.writer.varint(at);
      this.writer.varint(length);
      this.writer.bytes(new Uint8Array(buffer, at, length));
      at += length;
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

/** Adds the pieces of a blob chunk to `pieces`, by object. Errors: damaged. */
export function readBlobChunk(raw: Uint8Array, pieces: Map<number, Piece[]>): void {
  const input = new ByteReader(raw);
  while (input.left > 0) {
    const id = input.varint();
    if (id >= MAX_OBJECTS) input.fail(`there is no object ${id}`);
    const offset = input.varint();
    const bytes = input.bytes(input.varint());
    const known = pieces.get(id);
    if (known === undefined) pieces.set(id, [{ offset, bytes }]);
    else known.push({ offset, bytes });
  }
}

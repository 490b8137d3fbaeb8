/**
 * Lists that stand in several chunks of one type.
 *
 * Each piece begins with the number of its first item and its own count, and depends on no other
 * piece. The number of all items is in the ENDR chunk, so that a lost last piece is noticed too.
 */

import { ByteReader, ByteWriter } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';

/** The version of a section's payload: 1, but for directives, whose first form was longer. */
export function sectionVersion(type: string): number {
  return type === SECTION.directives ? 2 : 1;
}

/** Chunk types of a recording's sections. */
export const SECTION = {
  config: 'CONF',
  end: 'ENDR',
  image: 'IMAG',
  directives: 'DIRS',
  hypercalls: 'HYPR',
  checkpoints: 'CHKP',
  console: 'CONS',
  strings: 'ESTR',
  events: 'EVNT',
  sources: 'SRCS',
} as const;

export function sectionChunk(type: string, raw: Uint8Array): Chunk {
  return { type, version: sectionVersion(type), raw };
}

/** A list that was read: items up to the first gap, by how far they go. */
export interface PieceList<T> {
  pieces: T[];
  /** Items in `pieces`. */
  count: number;
  /** True when a piece after the first gap was left out. */
  gap: boolean;
}

/** A chunk for items `first` to `first + count` of a list. */
export function pieceChunk(
  type: string,
  first: number,
  count: number,
  write: (out: ByteWriter) => void,
): Chunk {
  const out = new ByteWriter();
  out.varint(first);
  out.varint(count);
  write(out);
  return sectionChunk(type, out.take());
}

/**
 * Reads pieces in order, until one does not begin where the last one ended. `read` gets a piece's
 * count, to be checked against `most` items in all. Errors: damaged.
 */
export function readPieces<T>(
  raws: Iterable<Uint8Array>,
  most: number,
  minBytes: number,
  read: (input: ByteReader, count: number) => T,
): PieceList<T> {
  const list: PieceList<T> = { pieces: [], count: 0, gap: false };
  for (const raw of raws) {
    const input = new ByteReader(raw);
    const first = input.varint();
    if (first !== list.count) return { ...list, gap: true };
    const count = input.count(minBytes, most - list.count);
    list.pieces.push(read(input, count));
    list.count += count;
  }
  return list;
}

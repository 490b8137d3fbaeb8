/**
 * Directives: where a schedule deviates from the default one. See FORMAT.md, "DIRS".
 *
 * A directive says (LWP, its own count of scheduling points) → answer, and has a kind. There are few
 * different (LWP, answer, kind) and an LWP's counts mostly grow by little, so a directive is the
 * number of its triple in a table that grows as the list is read, and the difference from that
 * LWP's last count: two bytes for most, before compression.
 *
 *   LWP 1 at 10 → 2, LWP 2 at 4 → 1, LWP 1 at 31 → 2     0 [1 2 0] +10, 1 [2 1 0] +4, 0 +21
 */

import type { ByteReader, ByteWriter } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';
import { CoreFileError } from '../errors.ts';
import { pieceChunk, readPieces, SECTION } from './pieces.ts';

const PIECE_DIRECTIVES = 65_536;
const MAX_DIRECTIVES = 4_000_000;
const INT32_MAX = 0x7fffffff;

/** The chunks of a schedule. Errors: invalid. */
export function directiveChunks(directives: Int32Array, kinds: Uint8Array): Chunk[] {
  const total = kinds.length;
  if (directives.length !== total * 3) {
    throw new CoreFileError('invalid', `${directives.length} words for ${total} directives of 3.`);
  }
  if (total > MAX_DIRECTIVES) throw new CoreFileError('invalid', `${total} directives: too many.`);
  const chunks: Chunk[] = [];
  for (let first = 0; first < total; first += PIECE_DIRECTIVES) {
    const count = Math.min(PIECE_DIRECTIVES, total - first);
    chunks.push(
      pieceChunk(SECTION.directives, first, count, (out) => {
        const end = first + count;
        writePiece(out, directives.subarray(first * 3, end * 3), kinds.subarray(first, end));
      }),
    );
  }
  return chunks;
}

function writePiece(out: ByteWriter, directives: Int32Array, kinds: Uint8Array): void {
  const table = new Map<string, number>();
  const lastCount = new Map<number, number>();
  for (let i = 0; i < kinds.length; i++) {
    const [lwp, count, answer] = directives.subarray(i * 3, i * 3 + 3);
    const key = `${lwp} ${answer} ${kinds[i]}`;
    const known = table.get(key);
    out.varint(known ?? table.size);
    if (known === undefined) {
      table.set(key, table.size);
      out.signed(lwp);
      out.signed(answer);
      out.u8(kinds[i]);
    }
    out.signed(count - (lastCount.get(lwp) ?? 0));
    lastCount.set(lwp, count);
  }
}

interface Piece {
  directives: Int32Array;
  kinds: Uint8Array;
}

/** The schedule in the chunks' payloads, up to the first gap. Errors: damaged. */
export function readDirectives(raws: Iterable<Uint8Array>): Piece & { gap: boolean } {
  const list = readPieces(raws, MAX_DIRECTIVES, 2, readPiece);
  const directives = new Int32Array(list.count * 3);
  const kinds = new Uint8Array(list.count);
  let at = 0;
  for (const piece of list.pieces) {
    directives.set(piece.directives, at * 3);
    kinds.set(piece.kinds, at);
    at += piece.kinds.length;
  }
  return { directives, kinds, gap: list.gap };
}

function readPiece(input: ByteReader, count: number): Piece {
  if (count > PIECE_DIRECTIVES) input.fail(`${count} directives in one chunk`);
  const piece: Piece = { directives: new Int32Array(count * 3), kinds: new Uint8Array(count) };
  const table: { lwp: number; answer: number; kind: number }[] = [];
  const lastCount = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const number = input.varint();
    if (number > table.length) input.fail(`there is no entry ${number}`);
    if (number === table.length) {
      table.push({ lwp: int32(input, 0), answer: int32(input, 0), kind: input.u8() });
    }
    const { lwp, answer, kind } = table[number];
    const points = int32(input, lastCount.get(lwp) ?? 0);
    lastCount.set(lwp, points);
    piece.directives.set([lwp, points, answer], i * 3);
    piece.kinds[i] = kind;
  }
  return piece;
}

function int32(input: ByteReader, base: number): number {
  const value = base + input.signed();
  if (value > INT32_MAX || value < -INT32_MAX - 1) input.fail(`${value} is no 32-bit number`);
  return value;
}

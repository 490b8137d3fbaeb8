/**
 * Directives: where a schedule deviates from the default one. See FORMAT.md, "DIRS".
 *
 * A directive says (LWP, its own count) → answer, and has a kind. An LWP is mostly the one that was
 * switched to before, answers are small, and an LWP's counts grow by little: so a directive is a byte
 * with its kind, its answer and whether the LWP is that one, and the difference from the LWP's last
 * count of that kind. That is two bytes for most, before compression.
 *
 *   LWP 1 at 10 → 2, LWP 2 at 4 → 1, LWP 1 at 31 → 2     [0 same 2] +10, [0 same 1] +4, [0 same 2] +21
 */

import type { ByteReader, ByteWriter } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';
import { CoreFileError } from '../errors.ts';
import { pieceChunk, readPieces, SECTION } from './pieces.ts';

const PIECE_DIRECTIVES = 65_536;
const MAX_DIRECTIVES = 4_000_000;
const INT32_MAX = 0x7fffffff;
const UINT32_MAX = 0xffffffff;

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
  const before = new Before();
  for (let i = 0; i < kinds.length; i++) {
    const [lwp, count, answer] = directives.subarray(i * 3, i * 3 + 3);
    const kind = kinds[i];
    if (kind > KIND_MAX) throw new CoreFileError('invalid', `a directive of kind ${kind}.`);
    const same = lwp === before.lwp;
    const short = answer >= 0 && answer < LONG_ANSWER;
    out.u8(kind | (same ? SAME : 0) | ((short ? answer : LONG_ANSWER) << ANSWER_SHIFT));
    if (!same) out.signed(lwp);
    if (!short) out.signed(answer);
    out.varint((count - before.count(lwp, kind)) >>> 0);
    before.note(lwp, kind, count, answer);
  }
}

const KIND_MAX = 3;
const SAME = 4;
const ANSWER_SHIFT = 3;
const LONG_ANSWER = 31;
const CHOICE = 2;
const FIRST_LWP = 1;

/** What a directive is told relative to. */
class Before {
  /** Who was switched to. */
  lwp = FIRST_LWP;
  readonly #counts = new Map<number, number>();

  count(lwp: number, kind: number): number {
    return this.#counts.get(counterOf(lwp, kind)) ?? 0;
  }

  note(lwp: number, kind: number, count: number, answer: number): void {
    this.#counts.set(counterOf(lwp, kind), count);
    if (kind !== CHOICE) this.lwp = answer;
  }
}

/** Choices are counted as points are. */
function counterOf(lwp: number, kind: number): number {
  return lwp * (KIND_MAX + 1) + (kind === CHOICE ? 0 : kind);
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
  const before = new Before();
  for (let i = 0; i < count; i++) {
    const head = input.u8();
    const kind = head & KIND_MAX;
    const lwp = (head & SAME) !== 0 ? before.lwp : int32(input);
    const short = head >> ANSWER_SHIFT;
    const answer = short === LONG_ANSWER ? int32(input) : short;
    const more = input.varint();
    if (more > UINT32_MAX) input.fail(`${more} is no 32-bit number`);
    const own = (before.count(lwp, kind) + more) | 0;
    before.note(lwp, kind, own, answer);
    piece.directives.set([lwp, own, answer], i * 3);
    piece.kinds[i] = kind;
  }
  return piece;
}

function int32(input: ByteReader): number {
  const value = input.signed();
  if (value > INT32_MAX || value < -INT32_MAX - 1) input.fail(`${value} is no 32-bit number`);
  return value;
}

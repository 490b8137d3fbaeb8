/**
 * Long strings, which a line shows only the beginning of: inside are pieces of them.
 *
 *   text  "a very long st…"
 *     [0…499]     "a very long string, the first…"
 *     [500…999]   "…"
 */

import { printable } from '../../../corefiles/index.ts';
import type { Member } from './members.ts';

/** A line shows shorter ones whole. */
const SHOWN = 58;
const PIECE = 500;

export function isLongText(text: string): boolean {
  return text.length > SHOWN;
}

/** How many pieces are inside of a string. */
export function piecesOf(text: string): number {
  return isLongText(text) ? Math.ceil(text.length / PIECE) : 0;
}

/** Pieces of a string, from the `start`-th on. */
export function* pieceMembers(text: string, start: number, count: number): Iterable<Member> {
  const end = Math.min(piecesOf(text), start + count);
  for (let i = start; i < end; i++) {
    const piece = text.slice(i * PIECE, (i + 1) * PIECE);
    yield {
      name: `[${i * PIECE}…${i * PIECE + piece.length - 1}]`,
      value: undefined,
      instead: quotedWhole(piece),
      key: { kind: 'none', why: 'a string cannot be changed, only replaced' },
      how: { evaluateName: '', trail: null },
      writable: false,
    };
  }
}

function quotedWhole(text: string): string {
  return `"${printable(text.replaceAll('"', '\\"'))}"`;
}

/**
 * Numbers and names of an image, in its own byte order. Follows NetBSD sys/ufs/ufs/ufs_bswap.h.
 */

export type Order = 'little' | 'big';

export function rd16(bytes: Uint8Array, at: number, order: Order): number {
  if (order === 'little') return bytes[at] | (bytes[at + 1] << 8);
  return (bytes[at] << 8) | bytes[at + 1];
}

/** An unsigned 32-bit number. */
export function rd32(bytes: Uint8Array, at: number, order: Order): number {
  return rds32(bytes, at, order) >>> 0;
}

/** A signed 32-bit number. */
export function rds32(bytes: Uint8Array, at: number, order: Order): number {
  const low = rd16(bytes, order === 'little' ? at : at + 2, order);
  const high = rd16(bytes, order === 'little' ? at + 2 : at, order);
  return (high << 16) | low;
}

/** An unsigned 64-bit number; above 2^53 it is not exact, but too large for anything anyway. */
export function rd64(bytes: Uint8Array, at: number, order: Order): number {
  const low = rd32(bytes, order === 'little' ? at : at + 4, order);
  const high = rd32(bytes, order === 'little' ? at + 4 : at, order);
  return high * 0x100000000 + low;
}

/** Bytes that begin a sequence of UTF-8: mask, value, bytes that follow, smallest code. */
const LEADS: readonly (readonly [number, number, number, number])[] = [
  [0xe0, 0xc0, 1, 0x80],
  [0xf0, 0xe0, 2, 0x800],
  [0xf8, 0xf0, 3, 0x10000],
];

/** The code that begins at `at`; -1 for a byte that is no UTF-8 there. */
function codeAt(bytes: Uint8Array, at: number, end: number): { code: number; length: number } {
  const first = bytes[at];
  if (first < 0x80) return { code: first, length: 1 };
  for (const [mask, value, follow, smallest] of LEADS) {
    if ((first & mask) !== value || at + follow >= end) continue;
    let code = first & ~mask & 0xff;
    let good = true;
    for (let i = 1; i <= follow; i++) {
      if ((bytes[at + i] & 0xc0) !== 0x80) good = false;
      code = (code << 6) | (bytes[at + i] & 0x3f);
    }
    const surrogate = code >= 0xd800 && code < 0xe000;
    if (good && !surrogate && code >= smallest && code <= 0x10ffff) {
      return { code, length: follow + 1 };
    }
  }
  return { code: -1, length: 1 };
}

/**
 * A name as the kernel knows it. A byte that is no UTF-8 becomes a lone surrogate, U+DC00 plus the
 * byte, so that different names stay different.
 */
export function decodeName(bytes: Uint8Array, start: number, length: number): string {
  const end = start + length;
  let name = '';
  for (let at = start; at < end; ) {
    const found = codeAt(bytes, at, end);
    name += String.fromCodePoint(found.code < 0 ? 0xdc00 + bytes[at] : found.code);
    at += found.length;
  }
  return name;
}

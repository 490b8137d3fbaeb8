/**
 * CRC-32 as in zlib, PNG and gzip (polynomial 0xedb88320, reflected, inverted at both ends).
 *
 * `zlib.crc32` came with Node 20.15 and 22.2; where it is missing, a table does the same.
 */

import * as zlib from 'node:zlib';

type Crc32 = (bytes: Uint8Array, seed?: number) => number;

/** CRC-32 of `bytes`, continuing from `seed`, as an unsigned 32-bit number. */
export const crc32: Crc32 =
  typeof (zlib as { crc32?: unknown }).crc32 === 'function'
    ? (bytes, seed = 0) => zlib.crc32(bytes, seed)
    : tableCrc32;

/** The fallback. Exported so that it can be tested where the native one exists. */
export function tableCrc32(bytes: Uint8Array, seed = 0): number {
  table ??= makeTable();
  let crc = ~seed;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

let table: Int32Array | undefined;

function makeTable(): Int32Array {
  const made = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    made[n] = c;
  }
  return made;
}

/**
 * Writes the primitive values of chunk payloads. See FORMAT.md, "Primitive values".
 *
 *   varint   7 bits a byte, low bits first, high bit set on all but the last; 0 to 2^53-1
 *   signed   zigzag (0 -1 1 -2 2 … as 0 1 2 3 4 …) in a varint; at most 2^52-1 either side of 0
 *   f64      8 bytes, little-endian
 *   string   varint of 2 * bytes, then UTF-8; or of 2 * bytes + 1, then UTF-16LE, for a string with
 *            half surrogates, which UTF-8 could not give back
 */

import { CoreFileError } from '../errors.ts';

const FIRST_BYTES = 256;
const HALF_SURROGATE = /\p{Cs}/u;

/** The largest integer, either side of 0, that `signed` holds. */
export const MAX_SIGNED = 2 ** 52 - 1;

export class ByteWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private at = 0;

  get length(): number {
    return this.at;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.buffer, 0, this.at);
  }

  u8(value: number): void {
    if (this.at === this.buffer.length) this.grow(1);
    this.buffer[this.at++] = value;
  }

  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new CoreFileError('invalid', `${value} is not an integer from 0 to 2^53-1.`);
    }
    let rest = value;
    if (this.at + 8 > this.buffer.length) this.grow(8);
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.buffer[this.at++] = rest;
  }

  signed(value: number): void {
    if (!Number.isInteger(value) || Math.abs(value) > MAX_SIGNED) {
      throw new CoreFileError('invalid', `${value} is not an integer within 2^52-1 of 0.`);
    }
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  f64(value: number): void {
    if (this.at + 8 > this.buffer.length) this.grow(8);
    this.buffer.writeDoubleLE(value, this.at);
    this.at += 8;
  }

  string(text: string): void {
    const wide = HALF_SURROGATE.test(text);
    const bytes = Buffer.from(text, wide ? 'utf16le' : 'utf8');
    this.varint(bytes.length * 2 + (wide ? 1 : 0));
    this.bytes(bytes);
  }

  /** The bytes themselves; their length is the caller's to write. */
  bytes(bytes: Uint8Array): void {
    if (this.at + bytes.length > this.buffer.length) this.grow(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  private grow(by: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + by));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/**
 * Reads the primitive values of chunk payloads, trusting none of them.
 *
 * What does not fit throws a CoreFileError of kind 'damaged'; section readers turn it into a
 * warning. A count is believed only when the bytes that are left could hold so many.
 */

import { CoreFileError } from '../errors.ts';

export class ByteReader {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.at;
  }

  get left(): number {
    return this.buffer.length - this.at;
  }

  u8(): number {
    if (this.at >= this.buffer.length) this.fail('the data end too early');
    return this.buffer[this.at++];
  }

  varint(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (value > Number.MAX_SAFE_INTEGER || scale > 2 ** 63) this.fail('a number is too large');
    } while (byte >= 0x80);
    return value;
  }

  signed(): number {
    const value = this.varint();
    if (value % 2 === 0) return value / 2;
    return -(value - 1) / 2 - 1;
  }

  f64(): number {
    const at = this.skip(8);
    return this.buffer.readDoubleLE(at);
  }

  string(): string {
    const head = this.varint();
    const length = Math.floor(head / 2);
    const at = this.skip(length);
    return this.buffer.toString(head % 2 === 1 ? 'utf16le' : 'utf8', at, at + length);
  }

  /** A view of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    const at = this.skip(length);
    return this.buffer.subarray(at, at + length);
  }

  /** A count of things that take at least `minBytes` each, and of which there may be `most`. */
  count(minBytes: number, most: number): number {
    const count = this.varint();
    if (count > most) this.fail(`a count of ${count} is over the limit of ${most}`);
    if (count * minBytes > this.left) this.fail(`a count of ${count} is more than the data hold`);
    return count;
  }

  /** Moves past `length` bytes and gives the offset of the first. */
  skip(length: number): number {
    if (length > this.left) this.fail('the data end too early');
    const at = this.at;
    this.at += length;
    return at;
  }

  fail(why: string): never {
    throw new CoreFileError('damaged', `${why} (at byte ${this.at})`, this.at);
  }
}

/**
 * Messages out of the bytes that a client sends: the base protocol of DAP.
 *
 *   Content-Length: 52\r\n\r\n{"seq":1,"type":"request","command":"initialize", …}
 *
 * Bytes that are no message are left out and told, and reading goes on at the next header: a client
 * with one bad message keeps its session. Text of JSON holds no line end inside a string, so
 * a header can stand nowhere in a good message; found inside of one, it shows that the length before
 * it is wrong. A web page that posts to the port is recognised, and is no client.
 */

/** More than a client sends in one message; a header that says more is garbage. */
export const MAX_MESSAGE_BYTES = 64 << 20;
const MARK = Buffer.from('Content-Length:');
const HEADER_END = Buffer.from('\r\n\r\n');
/** Longer headers are garbage. */
const MAX_HEADER_BYTES = 1024;
const HEADER = /^Content-Length:[ \t]*(\d{1,9})[ \t]*(\r\nContent-Type:[^\r\n]*)?$/i;
const HTTP = /^[A-Z]{3,10} \S+ HTTP\/\d/;

export interface WireEvents {
  /** An object with whatever is in it. */
  message(message: object): void;
  /** A sentence about bytes that were left out. */
  garbage(sentence: string): void;
  /** What comes is HTTP; nothing is read any more. */
  http(): void;
}

export class WireReader {
  readonly #events: WireEvents;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(events: WireEvents) {
    this.#events = events;
  }

  /** Takes the next bytes, and tells what is whole. */
  push(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (HTTP.test(this.#bytes.toString('latin1', 0, MAX_HEADER_BYTES))) {
      this.#ended = true;
      this.#events.http();
      return;
    }
    while (this.#take());
  }

  /** Takes one message, or what is none; false when more bytes are needed. */
  #take(): boolean {
    if (this.#bytes.length === 0) return false;
    const start = this.#bytes.indexOf(MARK);
    if (start !== 0) return this.#skipTo(start);
    const end = this.#bytes.indexOf(HEADER_END);
    if (end < 0 && this.#bytes.length <= MAX_HEADER_BYTES) return false;
    const length = end < 0 ? Number.NaN : lengthOf(this.#bytes.toString('latin1', 0, end));
    if (Number.isNaN(length)) {
      this.#events.garbage('a header has no usable Content-Length');
      return this.#drop(MARK.length);
    }
    return this.#takeBody(end + HEADER_END.length, length);
  }

  #takeBody(from: number, length: number): boolean {
    const have = this.#bytes.subarray(from, from + length);
    const inside = have.indexOf(MARK);
    if (inside >= 0 && isHeaderAt(have, inside)) {
      this.#events.garbage(`a Content-Length says ${length}, but the next message begins earlier`);
      return this.#drop(from + inside);
    }
    if (have.length < length) return false;
    this.#drop(from + this.#parse(have));
    return true;
  }

  /** Gives how many bytes are done with: of what is no JSON, a header at its end may remain. */
  #parse(body: Buffer): number {
    let message: unknown;
    try {
      message = JSON.parse(body.toString('utf8'));
    } catch {
      this.#events.garbage(`a message of ${body.length} bytes is no JSON`);
      const header = body.indexOf(MARK);
      return header < 0 ? body.length - beginningOfMark(body) : header;
    }
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) {
      this.#events.message(message);
    } else {
      this.#events.garbage('a message is no object');
    }
    return body.length;
  }

  /** Leaves out what stands before the next header; what may be its beginning is kept. */
  #skipTo(start: number): boolean {
    const skip = start < 0 ? this.#bytes.length - beginningOfMark(this.#bytes) : start;
    if (skip === 0) return false;
    this.#events.garbage(`${skip} bytes are no message`);
    return this.#drop(skip);
  }

  #drop(count: number): boolean {
    this.#bytes = this.#bytes.subarray(count);
    return true;
  }
}

/** A message with its header. */
export function frame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

function lengthOf(header: string): number {
  const match = HEADER.exec(header);
  const length = match === null ? Number.NaN : Number(match[1]);
  return length <= MAX_MESSAGE_BYTES ? length : Number.NaN;
}

function isHeaderAt(bytes: Buffer, at: number): boolean {
  return /^Content-Length:[ \t]*\d+\r\n/.test(bytes.toString('latin1', at, at + 64));
}

/** How many of the last bytes could be the beginning of a header. */
function beginningOfMark(bytes: Buffer): number {
  for (let count = Math.min(MARK.length - 1, bytes.length); count > 0; count--) {
    if (bytes.subarray(bytes.length - count).equals(MARK.subarray(0, count))) return count;
  }
  return 0;
}

/** What a run left behind: its end, its console, its last events. See FORMAT.md. */

import { ByteReader, ByteWriter } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';
import { CoreFileError } from '../errors.ts';
import { pieceChunk, readPieces, SECTION, sectionChunk } from './pieces.ts';
import type { RecordedEvents, RunEnd } from './types.ts';

/** Characters of console text, and words of events, in one chunk. */
const PIECE_CHARS = 256 * 1024;
const PIECE_WORDS = 256 * 1024;
const MAX_WORDS = 16 << 20;
const MAX_STRINGS = 1_000_000;
const MAX_CONSOLE_PIECES = 1024;

/** How many items each list has, so that a lost tail is noticed. */
export interface Totals {
  directives: number;
  hypercalls: number;
  checkpoints: number;
  sources: number;
  consolePieces: number;
  eventWords: number;
  /** 1 when there is an ESTR chunk. */
  eventsPresent: number;
}

export function endChunk(end: RunEnd, totals: Totals): Chunk {
  const out = new ByteWriter();
  out.string(end.verdict);
  out.string(end.message);
  out.string(end.digest);
  out.f64(end.icount);
  out.f64(end.points);
  out.f64(end.virtualTimeNs);
  out.varint(totals.directives);
  out.varint(totals.hypercalls);
  out.varint(totals.checkpoints);
  out.varint(totals.sources);
  out.varint(totals.consolePieces);
  out.varint(totals.eventWords);
  out.varint(totals.eventsPresent);
  return sectionChunk(SECTION.end, out.take());
}

/** Errors: damaged. */
export function readEnd(raw: Uint8Array): { end: RunEnd; totals: Totals } {
  const input = new ByteReader(raw);
  const verdict = input.string();
  const message = input.string();
  const digest = input.string();
  const icount = input.f64();
  const points = input.f64();
  const virtualTimeNs = input.f64();
  const totals: Totals = {
    directives: input.varint(),
    hypercalls: input.varint(),
    checkpoints: input.varint(),
    sources: input.varint(),
    consolePieces: input.varint(),
    eventWords: input.varint(),
    eventsPresent: input.varint(),
  };
  return { end: { verdict, message, digest, icount, points, virtualTimeNs }, totals };
}

/** The console in pieces of text. */
export function consoleChunks(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    const piece = text.slice(at, at + PIECE_CHARS);
    chunks.push(
      pieceChunk(SECTION.console, chunks.length, 1, (out) => {
        out.string(piece);
      }),
    );
  }
  if (chunks.length > MAX_CONSOLE_PIECES) throw new CoreFileError('invalid', 'Too much console.');
  return chunks;
}

/** Errors: damaged. */
export function readConsole(raws: Iterable<Uint8Array>): {
  text: string;
  pieces: number;
  gap: boolean;
} {
  const list = readPieces(raws, MAX_CONSOLE_PIECES, 1, (input, count) =>
    count === 1 ? input.string() : input.fail('a piece of console is one string'),
  );
  return { text: list.pieces.join(''), pieces: list.count, gap: list.gap };
}

/** The strings of events, then their words in pieces. Errors: invalid. */
export function eventChunks(events: RecordedEvents): Chunk[] {
  const { records, recordWords, strings, dropped } = events;
  if (records.length > MAX_WORDS || strings.length > MAX_STRINGS) {
    throw new CoreFileError('invalid', `${records.length} words of events are too many.`);
  }
  const out = new ByteWriter();
  out.varint(recordWords);
  out.varint(dropped);
  out.varint(strings.length);
  for (const text of strings) out.string(text);
  const chunks = [sectionChunk(SECTION.strings, out.take())];
  for (let first = 0; first < records.length; first += PIECE_WORDS) {
    const words = records.subarray(first, first + PIECE_WORDS);
    chunks.push(
      pieceChunk(SECTION.events, first, words.length, (to) => to.bytes(littleEndian(words))),
    );
  }
  return chunks;
}

function littleEndian(words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setInt32(i * 4, words[i], true);
  return bytes;
}

/** What the ESTR chunk has. Errors: damaged. */
export function readEventStrings(raw: Uint8Array): Omit<RecordedEvents, 'records'> {
  const input = new ByteReader(raw);
  const recordWords = input.varint();
  const dropped = input.varint();
  const count = input.count(1, MAX_STRINGS);
  return { recordWords, dropped, strings: Array.from({ length: count }, () => input.string()) };
}

/** The words of events, up to the first gap. Errors: damaged. */
export function readEventWords(raws: Iterable<Uint8Array>): { records: Int32Array; gap: boolean } {
  const list = readPieces(raws, MAX_WORDS, 4, (input, count) => {
    const bytes = input.bytes(count * 4);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Int32Array.from({ length: count }, (_, i) => view.getInt32(i * 4, true));
  });
  const records = new Int32Array(list.count);
  let at = 0;
  for (const piece of list.pieces) {
    records.set(piece, at);
    at += piece.length;
  }
  return { records, gap: list.gap };
}

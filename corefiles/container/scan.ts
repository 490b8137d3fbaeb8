/**
 * Finds the chunks of a file that may be damaged anywhere.
 *
 * The scan hops from header to header. Where a header should be and is none, it looks for the next
 * bytes that are one: they carry this file's id and their own CRC. When the chunk before the damage
 * fails its payload CRC, bytes may have been lost inside it, and the search starts in its payload;
 * otherwise where the header should have been.
 *
 * Must hold  Offsets of accepted headers only grow, and so do searched ranges, so the scan is linear
 *            in the size of the file; verifying payloads and trying candidates have budgets.
 */

import { crc32 } from './crc.ts';
import {
  CHUNK_HEADER_BYTES,
  type ChunkHeader,
  decodeChunkHeader,
  FILE_HEADER_BYTES,
  type Limits,
} from './format.ts';
import type { Source } from './source.ts';

const WINDOW_BYTES = 64 * 1024;
/** Candidates for a header that a search tries in one file. */
const MAX_CANDIDATES = 1_000_000;
/** Payload bytes checked to find where damage begins, as a multiple of the file's size. */
const VERIFY_FACTOR = 4;
const MAX_WARNINGS = 100;

/** A chunk found in a file. */
export interface FoundChunk extends ChunkHeader {
  /** Offset of its header, in bytes. */
  offset: number;
  /** Bytes of the payload that the file does not have. */
  missingBytes: number;
}

export interface Scan {
  source: Source;
  limits: Limits;
  /** Known once a sound file header or a chunk header has been seen. */
  fileId: number | undefined;
  /** By sequence number. */
  chunks: Map<number, FoundChunk>;
  warnings: string[];
  candidates: number;
  verifiedBytes: number;
  last: FoundChunk | undefined;
}

/** Scans the whole file after its header. `fileId` is undefined when the header was damaged. */
export function scanChunks(source: Source, limits: Limits, fileId: number | undefined): Scan {
  const scan: Scan = {
    source,
    limits,
    fileId,
    chunks: new Map(),
    warnings: [],
    candidates: 0,
    verifiedBytes: 0,
    last: undefined,
  };
  let at = FILE_HEADER_BYTES;
  while (at >= 0 && at < source.size) at = step(scan, at);
  return scan;
}

/** Adds a warning, up to a limit: a hostile file does not choose how much is printed. */
export function warn(warnings: string[], sentence: string): void {
  if (warnings.length < MAX_WARNINGS) warnings.push(sentence);
  else if (warnings.length === MAX_WARNINGS)
    warnings.push('There is more damage than listed here.');
}

/** Takes the chunk at `at`, or looks for the next one. Returns where to go on, or -1. */
function step(scan: Scan, at: number): number {
  const header = headerAt(scan, at);
  if (header === undefined) return recover(scan, at);
  if (scan.chunks.size >= scan.limits.maxChunks) {
    warn(
      scan.warnings,
      `There are more than ${scan.limits.maxChunks} chunks; the rest is not read.`,
    );
    return -1;
  }
  const end = at + CHUNK_HEADER_BYTES + header.storedBytes;
  if (scan.chunks.has(header.sequence)) {
    const what = `Chunk ${header.sequence} (${header.type})`;
    warn(scan.warnings, `${what} occurs again at offset ${at}; the second one is ignored.`);
    return Math.min(end, scan.source.size);
  }
  return accept(scan, { ...header, offset: at, missingBytes: Math.max(0, end - scan.source.size) });
}

function accept(scan: Scan, chunk: FoundChunk): number {
  scan.fileId ??= chunk.fileId;
  scan.chunks.set(chunk.sequence, chunk);
  scan.last = chunk;
  const payload = chunk.offset + CHUNK_HEADER_BYTES;
  if (chunk.missingBytes === 0) return payload + chunk.storedBytes;
  const what = `The ${chunk.type} chunk at offset ${chunk.offset}`;
  warn(scan.warnings, `${what} is cut off: ${chunk.missingBytes} bytes of it are missing.`);
  return search(scan, payload);
}

function headerAt(scan: Scan, at: number): ChunkHeader | undefined {
  const header = decodeChunkHeader(scan.source.read(at, CHUNK_HEADER_BYTES), 0);
  return header !== undefined && belongs(scan, header) ? header : undefined;
}

function belongs(scan: Scan, header: ChunkHeader): boolean {
  if (scan.fileId !== undefined && header.fileId !== scan.fileId) return false;
  return header.sequence < scan.limits.maxChunks;
}

function recover(scan: Scan, at: number): number {
  const { last, source } = scan;
  const inside = last !== undefined && !payloadIsSound(scan, last);
  const from = inside ? last.offset + CHUNK_HEADER_BYTES : at;
  scan.last = undefined;
  const found = search(scan, from);
  const left = source.size - at;
  if (found < 0 && left < CHUNK_HEADER_BYTES) {
    warn(scan.warnings, `The file is cut off in a chunk header at offset ${at}.`);
  } else {
    const then = found < 0 ? 'nothing after it can be read' : `reading goes on at offset ${found}`;
    warn(scan.warnings, `There is no sound chunk header at offset ${at}; ${then}.`);
  }
  return found;
}

function payloadIsSound(scan: Scan, chunk: FoundChunk): boolean {
  if (chunk.missingBytes > 0 || chunk.storedBytes > scan.limits.maxChunkBytes) return false;
  scan.verifiedBytes += chunk.storedBytes;
  if (scan.verifiedBytes > VERIFY_FACTOR * scan.source.size) return true;
  const payload = scan.source.read(chunk.offset + CHUNK_HEADER_BYTES, chunk.storedBytes);
  return crc32(payload) === chunk.payloadCrc;
}

/** Offset of the first chunk header at or after `from` that has not been seen, or -1. */
function search(scan: Scan, from: number): number {
  for (let base = from; base < scan.source.size; base += WINDOW_BYTES) {
    const window = scan.source.read(base, WINDOW_BYTES + CHUNK_HEADER_BYTES - 1);
    for (
      let at = nextCandidate(scan, window, 0);
      at >= 0;
      at = nextCandidate(scan, window, at + 1)
    ) {
      if (++scan.candidates > MAX_CANDIDATES) return -1;
      const header = decodeChunkHeader(window, at);
      if (header === undefined || !belongs(scan, header)) continue;
      if (!scan.chunks.has(header.sequence)) return base + at;
    }
  }
  return -1;
}

/** Where, at or after `from`, a header could begin: the file id stands at its fourth byte. */
function nextCandidate(scan: Scan, window: Buffer, from: number): number {
  if (scan.fileId === undefined) return from + CHUNK_HEADER_BYTES <= window.length ? from : -1;
  const id = Buffer.alloc(4);
  id.writeUInt32LE(scan.fileId);
  const found = window.indexOf(id, from + 4);
  return found < 0 || found - 4 + CHUNK_HEADER_BYTES > window.length ? -1 : found - 4;
}

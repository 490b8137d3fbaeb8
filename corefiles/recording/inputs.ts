/** Hypercall inputs and checkpoints. See FORMAT.md, "HYPR" and "CHKP". */

import type { ByteReader } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';
import { CoreFileError } from '../errors.ts';
import { pieceChunk, readPieces, SECTION } from './pieces.ts';
import type { Checkpoint, RecordedHypercall } from './types.ts';

/** A piece is closed when it has so many bytes of payloads, or so many items. */
const PIECE_BYTES = 256 * 1024;
const PIECE_ITEMS = 16_384;
const MAX_PAYLOAD_BYTES = 16 << 20;
const MAX_HYPERCALLS = 1_000_000;
const MAX_CHECKPOINTS = 262_144;
const NO_BYTES = new Uint8Array(0);

/** The chunks of all hypercalls. Errors: invalid. */
export function hypercallChunks(calls: readonly RecordedHypercall[]): Chunk[] {
  if (calls.length > MAX_HYPERCALLS) throw tooMany(calls.length, 'hypercalls');
  const chunks: Chunk[] = [];
  for (let first = 0; first < calls.length; ) {
    const end = pieceEnd(calls, first);
    const piece = calls.slice(first, end);
    chunks.push(
      pieceChunk(SECTION.hypercalls, first, piece.length, (out) => {
        for (const call of piece) out.varint(call.kind);
        for (const call of piece) out.varint(call.payload.length);
        for (const call of piece) out.bytes(call.payload);
      }),
    );
    first = end;
  }
  return chunks;
}

function pieceEnd(calls: readonly RecordedHypercall[], first: number): number {
  let bytes = 0;
  let end = first;
  while (end < calls.length && end - first < PIECE_ITEMS && bytes < PIECE_BYTES) {
    const length = calls[end].payload.length;
    if (length > MAX_PAYLOAD_BYTES) {
      throw new CoreFileError('invalid', `A hypercall's payload of ${length} bytes is too long.`);
    }
    bytes += length;
    end++;
  }
  return end;
}

/** The hypercalls in the payloads, up to the first gap. Errors: damaged. */
export function readHypercalls(raws: Iterable<Uint8Array>): {
  hypercalls: RecordedHypercall[];
  gap: boolean;
} {
  const hypercalls: RecordedHypercall[] = [];
  const { gap } = readPieces(raws, MAX_HYPERCALLS, 2, (input, count) => {
    const kinds = Float64Array.from({ length: count }, () => input.varint());
    const lengths = Float64Array.from({ length: count }, () => input.varint());
    for (let i = 0; i < count; i++) {
      hypercalls.push({ kind: kinds[i], payload: payload(input, lengths[i]) });
    }
  });
  return { hypercalls, gap };
}

/** Most calls bring nothing in, and a view costs a hundred bytes. */
function payload(input: ByteReader, length: number): Uint8Array {
  return length === 0 ? NO_BYTES : input.bytes(length);
}

/** The chunks of all checkpoints. Errors: invalid. */
export function checkpointChunks(checkpoints: readonly Checkpoint[]): Chunk[] {
  if (checkpoints.length > MAX_CHECKPOINTS) throw tooMany(checkpoints.length, 'checkpoints');
  const chunks: Chunk[] = [];
  for (let first = 0; first < checkpoints.length; first += PIECE_ITEMS) {
    const piece = checkpoints.slice(first, first + PIECE_ITEMS);
    chunks.push(
      pieceChunk(SECTION.checkpoints, first, piece.length, (out) => {
        let last = 0;
        for (const { icount, digest } of piece) {
          out.signed(icount - last);
          out.signed(digest[0]);
          out.signed(digest[1]);
          last = icount;
        }
      }),
    );
  }
  return chunks;
}

/** The checkpoints in the payloads, up to the first gap. Errors: damaged. */
export function readCheckpoints(raws: Iterable<Uint8Array>): {
  checkpoints: Checkpoint[];
  gap: boolean;
} {
  const list = readPieces(raws, MAX_CHECKPOINTS, 3, (input, count) => {
    let icount = 0;
    return Array.from({ length: count }, (): Checkpoint => {
      icount += input.signed();
      return { icount, digest: [input.signed(), input.signed()] };
    });
  });
  return { checkpoints: list.pieces.flat(), gap: list.gap };
}

function tooMany(count: number, what: string): CoreFileError {
  return new CoreFileError('invalid', `${count} ${what} are more than a recording holds.`);
}

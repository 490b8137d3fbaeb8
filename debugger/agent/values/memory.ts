/**
 * The bytes behind a variable: disk blocks, pages, packets.
 *
 * A reference is Variable.memory. It means the very bytes of a view, not all of its buffer, and
 * holds until the target moves.
 */

import { TargetError } from '../../target/index.ts';
import type { Handles } from './handles.ts';
import { bytesOf } from './live.ts';

/** A copy of bytes; fewer at the end. Errors: the reference is unknown, the offset is no place. */
export function readMemory(
  handles: Handles,
  reference: string,
  offset: number,
  count: number,
): Uint8Array {
  const bytes = rangeOf(handles, reference, offset);
  return bytes.slice(0, Math.max(0, Math.min(count, bytes.length)));
}

/** Writes what fits; gives how many bytes that were. Errors: as readMemory(). */
export function writeMemory(
  handles: Handles,
  reference: string,
  offset: number,
  bytes: Uint8Array,
): number {
  const range = rangeOf(handles, reference, offset);
  const written = Math.min(bytes.length, range.length);
  range.set(bytes.subarray(0, written));
  return written;
}

/** The bytes from an offset on. */
function rangeOf(handles: Handles, reference: string, offset: number): Uint8Array {
  const bytes = bytesOf(handles.memory(reference)) ?? new Uint8Array();
  if (!Number.isInteger(offset) || offset < 0) {
    throw new TargetError(`there is nothing at ${offset}: these are bytes 0 to ${bytes.length}`);
  }
  return bytes.subarray(Math.min(offset, bytes.length));
}

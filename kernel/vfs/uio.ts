/**
 * Moving data between a program's buffers and the kernel: uiomove(9). Follows NetBSD
 * sys/sys/uio.h and sys/kern/subr_copy.c.
 *
 * Differs  All memory is the host's, so there is no EFAULT and a copy cannot sleep.
 */

import { KASSERT } from '../kern/subr_prf.ts';

export const UIO_READ = 0;
export const UIO_WRITE = 1;
export type UioRw = 0 | 1;

/** Bytes that are fewer than a view is worth. */
const FEW = 8;

export class Uio {
  iov: readonly Uint8Array[];
  /** The vector in use, and the bytes of it that are done. */
  iovIndex = 0;
  iovOffset = 0;
  /** Offset in the file. */
  offset: number;
  /** Bytes left to move. */
  resid: number;
  rw: UioRw;

  constructor(iov: readonly Uint8Array[], offset: number, resid: number, rw: UioRw) {
    this.iov = iov;
    this.offset = offset;
    this.resid = resid;
    this.rw = rw;
  }
}

/** A uio over one buffer. */
export function uio_single(buf: Uint8Array, offset: number, rw: UioRw): Uio {
  return new Uio([buf], offset, buf.length, rw);
}

/** Bytes of all vectors together. */
export function iov_length(iov: readonly Uint8Array[]): number {
  let total = 0;
  for (let i = 0; i < iov.length; i++) total += iov[i].length;
  return total;
}

/**
 * Moves up to `n` bytes between `data`, from `start`, and the uio, and advances the uio:
 * uiomove(9).
 */
export function uiomove(data: Uint8Array, start: number, n: number, uio: Uio): void {
  const end = start + Math.min(n, uio.resid);
  KASSERT(end <= data.length, 'uiomove moves more than its buffer holds');
  for (let at = start; at < end; ) {
    const vector = uio.iov[uio.iovIndex];
    const count = Math.min(end - at, vector.length - uio.iovOffset);
    if (uio.rw === UIO_READ) copy(vector, uio.iovOffset, data, at, count);
    else copy(data, at, vector, uio.iovOffset, count);
    uio_advance(uio, count);
    at += count;
  }
}

/** Moves zeros, as a hole reads: uiomove(9) from a page of zeros. */
export function uiozero(n: number, uio: Uio): void {
  let left = Math.min(n, uio.resid);
  while (left > 0) {
    const vector = uio.iov[uio.iovIndex];
    const room = vector.length - uio.iovOffset;
    const count = Math.min(left, room);
    vector.fill(0, uio.iovOffset, uio.iovOffset + count);
    left -= count;
    uio_advance(uio, count);
  }
}

/** Passes over `count` bytes, which lie in one vector. */
function uio_advance(uio: Uio, count: number): void {
  uio.iovOffset += count;
  uio.offset += count;
  uio.resid -= count;
  if (uio.iovOffset === uio.iov[uio.iovIndex].length) {
    uio.iovIndex++;
    uio.iovOffset = 0;
  }
}

/** Copies bytes; a few one by one, as a view of them costs more. */
function copy(to: Uint8Array, at: number, from: Uint8Array, start: number, count: number): void {
  if (count > FEW) to.set(count === from.length ? from : from.subarray(start, start + count), at);
  else for (let i = 0; i < count; i++) to[at + i] = from[start + i];
}

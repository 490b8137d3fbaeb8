/**
 * Atomic operations on unsigned 32-bit integers: atomic_ops(3), membar_ops(3). Follows NetBSD
 * common/lib/libc/atomic.
 *
 * Called in a generator, each is a scheduling point of its own: the compiler asks the schedule
 * before the operation (hooks.ts). In a plain function they are plain arithmetic.
 *
 * Differs  There is one host thread, so every operation is sequentially consistent and the
 *          barriers only mark the places where NetBSD needs them.
 */

import { tellAcquire, tellBoth, tellRelease } from '../world/tell.ts';

/** An unsigned 32-bit integer that LWPs share. */
export class AtomicUint {
  value: number;

  constructor(value = 0) {
    this.value = value;
  }
}

/** atomic_inc_uint(3). */
export function atomic_inc_uint(a: AtomicUint): void {
  tellBoth(a);
  a.value = (a.value + 1) >>> 0;
}

/** atomic_inc_uint_nv(3): gives the new value. */
export function atomic_inc_uint_nv(a: AtomicUint): number {
  tellBoth(a);
  a.value = (a.value + 1) >>> 0;
  return a.value;
}

/** atomic_dec_uint(3). */
export function atomic_dec_uint(a: AtomicUint): void {
  tellBoth(a);
  a.value = (a.value - 1) >>> 0;
}

/** atomic_dec_uint_nv(3): gives the new value. */
export function atomic_dec_uint_nv(a: AtomicUint): number {
  tellBoth(a);
  a.value = (a.value - 1) >>> 0;
  return a.value;
}

/** atomic_add_int(3). */
export function atomic_add_int(a: AtomicUint, delta: number): void {
  tellBoth(a);
  a.value = (a.value + delta) >>> 0;
}

/** atomic_add_int_nv(3): gives the new value. */
export function atomic_add_int_nv(a: AtomicUint, delta: number): number {
  tellBoth(a);
  a.value = (a.value + delta) >>> 0;
  return a.value;
}

/** atomic_or_uint(3). */
export function atomic_or_uint(a: AtomicUint, bits: number): void {
  tellBoth(a);
  a.value = (a.value | bits) >>> 0;
}

/** atomic_and_uint(3). */
export function atomic_and_uint(a: AtomicUint, bits: number): void {
  tellBoth(a);
  a.value = (a.value & bits) >>> 0;
}

/** atomic_swap_uint(3): gives the old value. */
export function atomic_swap_uint(a: AtomicUint, value: number): number {
  tellBoth(a);
  const old = a.value;
  a.value = value >>> 0;
  return old;
}

/** atomic_cas_uint(3): stores `value` if `expected` is there; gives what was there. */
export function atomic_cas_uint(a: AtomicUint, expected: number, value: number): number {
  tellBoth(a);
  const old = a.value;
  if (old === expected) a.value = value >>> 0;
  return old;
}

/** atomic_load_relaxed(9). */
export function atomic_load_relaxed(a: AtomicUint): number {
  tellAcquire(a);
  return a.value;
}

/** atomic_load_acquire(9). */
export function atomic_load_acquire(a: AtomicUint): number {
  tellAcquire(a);
  return a.value;
}

/** atomic_store_relaxed(9). */
export function atomic_store_relaxed(a: AtomicUint, value: number): void {
  tellRelease(a);
  a.value = value >>> 0;
}

/** atomic_store_release(9). */
export function atomic_store_release(a: AtomicUint, value: number): void {
  tellRelease(a);
  a.value = value >>> 0;
}

/** membar_enter(3): loads and stores after it stay after it. */
export function membar_enter(): void {}

/** membar_exit(3): loads and stores before it stay before it. */
export function membar_exit(): void {}

/** membar_producer(3): stores before it are seen before those after it. */
export function membar_producer(): void {}

/** membar_consumer(3): loads before it come before those after it. */
export function membar_consumer(): void {}

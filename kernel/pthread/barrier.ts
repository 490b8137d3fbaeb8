/**
 * Barriers of a program: pthread_barrier(3). Follows NetBSD lib/libpthread/pthread_barrier.c.
 */

import { EBUSY, EINVAL, type Errno } from '../kern/errno.ts';
import { hooks } from '../hooks.ts';
import { curlwp } from '../world/current.ts';
import { OP_ATOMIC } from '../world/op.ts';
import { tellAcquire, tellRelease } from '../world/tell.ts';
import { giveWay, parkUntilWoken, unparkAll, Waiter, wakeAll } from './calls.ts';

/** What the last thread at a barrier gets. */
export const PTHREAD_BARRIER_SERIAL_THREAD = 1234567;

/** pthread_barrier_t. */
export class PthreadBarrier {
  name: string;
  /** Threads that it takes. */
  count: number;
  waiters: Waiter[] = [];

  constructor(count: number, name: string) {
    this.count = count;
    this.name = name;
  }
}

/** pthread_barrier_init(3). Errors: EINVAL for no threads. */
export function pthread_barrier_init(
  count: number,
  name = 'pthread_barrier',
): PthreadBarrier | Errno {
  return count > 0 ? new PthreadBarrier(count, name) : EINVAL;
}

/** pthread_barrier_destroy(3). Errors: EBUSY. */
export function pthread_barrier_destroy(b: PthreadBarrier): Errno | undefined {
  return b.waiters.length > 0 ? EBUSY : undefined;
}

/** pthread_barrier_wait(3): 0, or PTHREAD_BARRIER_SERIAL_THREAD for the thread that came last. */
export function* pthread_barrier_wait(b: PthreadBarrier): Generator<void, number, void> {
  if (hooks.point(OP_ATOMIC, b)) yield* giveWay();
  tellRelease(b);
  const waiter = arrive(b);
  if (waiter !== undefined) {
    yield* parkUntilWoken(waiter, b.waiters, b, undefined);
    tellAcquire(b);
    return 0;
  }
  tellAcquire(b);
  void (yield* unparkAll(wakeAll(b.waiters)));
  return PTHREAD_BARRIER_SERIAL_THREAD;
}

/** Queues; nothing to queue for when this is the last thread. */
function arrive(b: PthreadBarrier): Waiter | undefined {
  if (b.waiters.length + 1 >= b.count) return undefined;
  const waiter = new Waiter(curlwp());
  b.waiters.push(waiter);
  return waiter;
}

/**
 * The work-stealing queue of Cilk-5: Frigo, Leiserson and Randall, "The implementation of the
 * Cilk-5 multithreaded language" (PLDI 1998), the THE protocol. The victim pushes and pops at the
 * tail without a lock, thieves steal at the head with one, and both meet only over the last item.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from 'rumpus';

export const SIZE = 8;

export class WorkStealingQueue {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'queue');
  readonly head = new AtomicUint(0);
  readonly tail = new AtomicUint(0);
  readonly slots = Array.from({ length: SIZE }, () => new AtomicUint(0));
}

/** Only for the victim. */
export function* push(q: WorkStealingQueue, item: number): Generator<void, void, void> {
  const tail = atomic_load_acquire(q.tail);
  atomic_store_release(q.slots[tail % SIZE], item);
  atomic_store_release(q.tail, tail + 1);
}

/** For thieves: the oldest item, or -1. */
export function* steal(q: WorkStealingQueue): Generator<void, number, void> {
  yield* mutex_enter(q.lock);
  const head = atomic_load_acquire(q.head);
  atomic_store_release(q.head, head + 1);
  let item = -1;
  if (head < atomic_load_acquire(q.tail)) item = atomic_load_acquire(q.slots[head % SIZE]);
  else atomic_store_release(q.head, head);
  mutex_exit(q.lock);
  return item;
}

/** With the lock held: the youngest item if thieves left one, or -1. `tail` is taken back. */
export function* popLast(q: WorkStealingQueue, tail: number): Generator<void, number, void> {
  let item = -1;
  yield* mutex_enter(q.lock);
  if (atomic_load_acquire(q.head) < tail) item = atomic_load_acquire(q.slots[(tail - 1) % SIZE]);
  else atomic_store_release(q.tail, tail);
  mutex_exit(q.lock);
  return item;
}

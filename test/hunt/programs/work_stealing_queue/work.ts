/** The test of CHESS: four items, one thief with two attempts; each item is done once. */

import { AtomicUint, atomic_inc_uint, atomic_load_acquire } from 'rumpus';
import { lwps } from '../kit.ts';
import { push, steal, WorkStealingQueue } from './queue.ts';

const ITEMS = 4;

type Pop = (q: WorkStealingQueue) => Generator<void, number, void>;

function* operate(done: AtomicUint[], item: number): Generator<void, void, void> {
  if (item >= 0) atomic_inc_uint(done[item]);
}

function* victim(q: WorkStealingQueue, done: AtomicUint[], pop: Pop): Generator<void, void, void> {
  for (let i = 0; i < ITEMS; i += 2) {
    yield* push(q, i);
    yield* push(q, i + 1);
    yield* operate(done, yield* pop(q));
  }
  for (let i = 0; i < ITEMS; i += 2) yield* operate(done, yield* pop(q));
}

function* thief(q: WorkStealingQueue, done: AtomicUint[]): Generator<void, void, void> {
  for (let i = 0; i < 2; i++) yield* operate(done, yield* steal(q));
}

export function* work(pop: Pop): Generator<void, void, void> {
  const q = new WorkStealingQueue();
  const done = Array.from({ length: ITEMS }, () => new AtomicUint(0));
  yield* lwps({ victim: () => victim(q, done, pop), thief: () => thief(q, done) });
  for (let i = 0; i < ITEMS; i++) {
    const times = atomic_load_acquire(done[i]);
    if (times !== 1) throw new Error(`work stealing: item ${i} is done ${times} times`);
  }
}

/**
 * Sequence lock: Lameter, "Effective synchronization on Linux/NUMA systems" (2005); Boehm, "Can
 * seqlocks get along with programming language memory models?" (MSPC 2012).
 *
 * Bug      The reader waits for an even sequence number before it reads, and does not look again
 *          when it has read.
 * Needs    One preemption of either, between the two values.
 */

import {
  AtomicUint,
  atomic_inc_uint,
  atomic_load_acquire,
  atomic_load_relaxed,
  atomic_store_relaxed,
  expectVerdict,
  preempt,
  program,
} from 'rumpus';
import { threads } from '../kit.ts';

class Seqlock {
  readonly sequence = new AtomicUint(0);
  readonly a = new AtomicUint(0);
  readonly b = new AtomicUint(0);
}

function* write(lock: Seqlock, value: number): Generator<void, void, void> {
  atomic_inc_uint(lock.sequence);
  atomic_store_relaxed(lock.a, value);
  atomic_store_relaxed(lock.b, value);
  atomic_inc_uint(lock.sequence);
}

function* read(lock: Seqlock): Generator<void, void, void> {
  while ((atomic_load_acquire(lock.sequence) & 1) === 1) yield* preempt();
  const a = atomic_load_relaxed(lock.a);
  const b = atomic_load_relaxed(lock.b);
  if (a !== b) throw new Error(`seqlock: ${a} is read along with ${b}`);
}

function* twice(body: (value: number) => Generator<void, void, void>) {
  yield* body(1);
  yield* body(2);
}

const expect = expectVerdict('program-error', /seqlock: \d is read along with/);

export default program({ components: [], expect }, function* main() {
  const lock = new Seqlock();
  yield* threads({
    write: () => twice((value) => write(lock, value)),
    read: () => twice(() => read(lock)),
  });
});

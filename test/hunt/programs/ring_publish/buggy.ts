/**
 * A ring between one producer and one consumer: Lamport, "Proving the correctness of multiprocess
 * programs" (1977); io_uring and virtio have it.
 *
 * Bug      The producer raises its index before it fills the slot.
 * Needs    One preemption of the producer, between the two.
 */

import { AtomicUint, atomic_inc_uint, atomic_load_acquire, expectVerdict, program } from 'rumpus';
import { lwps } from '../kit.ts';

const SLOTS = 4;
const MESSAGES = 3;

class Ring {
  readonly slots: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  readonly produced = new AtomicUint(0);
}

function* produce(ring: Ring): Generator<void, void, void> {
  for (let i = 0; i < MESSAGES; i++) {
    atomic_inc_uint(ring.produced);
    ring.slots[i % SLOTS] = `message ${i}`;
  }
}

function* consume(ring: Ring): Generator<void, void, void> {
  for (let i = 0; i < atomic_load_acquire(ring.produced); i++) {
    if (ring.slots[i % SLOTS] === undefined) throw new Error(`ring: slot ${i} is empty`);
  }
}

const expect = expectVerdict('program-error', /ring: slot \d is empty/);

export default program({ components: [], expect }, function* main() {
  const ring = new Ring();
  yield* lwps({ produce: () => produce(ring), consume: () => consume(ring) });
});

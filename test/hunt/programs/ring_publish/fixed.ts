/** A ring whose index is raised when the slot is full. */

import { AtomicUint, atomic_inc_uint, atomic_load_acquire, program } from 'rumpus';
import { lwps } from '../kit.ts';

const SLOTS = 4;
const MESSAGES = 3;

class Ring {
  readonly slots: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  readonly produced = new AtomicUint(0);
}

function* produce(ring: Ring): Generator<void, void, void> {
  for (let i = 0; i < MESSAGES; i++) {
    ring.slots[i % SLOTS] = `message ${i}`;
    atomic_inc_uint(ring.produced);
  }
}

function* consume(ring: Ring): Generator<void, void, void> {
  for (let i = 0; i < atomic_load_acquire(ring.produced); i++) {
    if (ring.slots[i % SLOTS] === undefined) throw new Error(`ring: slot ${i} is empty`);
  }
}

export default program({ components: [] }, function* main() {
  const ring = new Ring();
  yield* lwps({ produce: () => produce(ring), consume: () => consume(ring) });
});

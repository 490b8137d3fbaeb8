/** Lamport's bakery, where a thread says that it is choosing. */

import { AtomicUint, atomic_load_acquire, atomic_store_release, preempt, program } from 'rumpus';
import { Section, visit } from '../critical.ts';
import { lwps, several } from '../kit.ts';

const THREADS = 2;

class Bakery {
  readonly choosing = Array.from({ length: THREADS }, () => new AtomicUint(0));
  readonly numbers = Array.from({ length: THREADS }, () => new AtomicUint(0));
}

function* choose(bakery: Bakery, me: number): Generator<void, number, void> {
  atomic_store_release(bakery.choosing[me], 1);
  let highest = 0;
  for (let i = 0; i < THREADS; i++) {
    const number = atomic_load_acquire(bakery.numbers[i]);
    if (number > highest) highest = number;
  }
  atomic_store_release(bakery.numbers[me], highest + 1);
  atomic_store_release(bakery.choosing[me], 0);
  return highest + 1;
}

function* waitFor(bakery: Bakery, me: number, mine: number, other: number) {
  while (atomic_load_acquire(bakery.choosing[other]) === 1) yield* preempt();
  for (;;) {
    const number = atomic_load_acquire(bakery.numbers[other]);
    if (number === 0 || number > mine || (number === mine && other > me)) return;
    yield* preempt();
  }
}

function* contend(bakery: Bakery, section: Section, me: number): Generator<void, void, void> {
  const mine = yield* choose(bakery, me);
  for (let other = 0; other < THREADS; other++) {
    if (other !== me) yield* waitFor(bakery, me, mine, other);
  }
  yield* visit(section, `thread ${me}`);
  atomic_store_release(bakery.numbers[me], 0);
}

export default program({ components: [] }, function* main() {
  const bakery = new Bakery();
  const section = new Section();
  yield* lwps(several('thread', THREADS, (i) => contend(bakery, section, i)));
});

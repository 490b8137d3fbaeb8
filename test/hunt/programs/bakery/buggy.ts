/**
 * Lamport's bakery: "A new solution of Dijkstra's concurrent programming problem" (CACM 17(8),
 * 1974), without the variable that says that a thread is choosing.
 *
 * Bug      A thread that has computed its number, and not stored it, is overlooked; the other takes
 *          the same number, enters, and by the order of names the first may enter too.
 * Needs    Two preemptions: between computing and storing, and in the critical section.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
  preempt,
  program,
} from 'rumpus';
import { Section, visit } from '../critical.ts';
import { lwps, several } from '../kit.ts';

const THREADS = 2;

class Bakery {
  readonly choosing = Array.from({ length: THREADS }, () => new AtomicUint(0));
  readonly numbers = Array.from({ length: THREADS }, () => new AtomicUint(0));
}

function* choose(bakery: Bakery, me: number): Generator<void, number, void> {
  let highest = 0;
  for (let i = 0; i < THREADS; i++) {
    const number = atomic_load_acquire(bakery.numbers[i]);
    if (number > highest) highest = number;
  }
  atomic_store_release(bakery.numbers[me], highest + 1);
  return highest + 1;
}

function* waitFor(bakery: Bakery, me: number, mine: number, other: number) {
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

const expect = expectVerdict('program-error', /mutual exclusion: thread \d comes in while/);

export default program({ components: [], expect }, function* main() {
  const bakery = new Bakery();
  const section = new Section();
  yield* lwps(several('thread', THREADS, (i) => contend(bakery, section, i)));
});

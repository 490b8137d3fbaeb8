/**
 * Peterson's algorithm: "Myths about the mutual exclusion problem" (IPL 12(3), 1981), with its two
 * stores in the wrong order, as a compiler or a store buffer may have them.
 *
 * Bug      A thread offers the turn before it raises its flag.
 * Needs    Two preemptions: one offers, the other offers, raises and enters, then the first enters.
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
import { threads } from '../kit.ts';

class Peterson {
  readonly flags = [new AtomicUint(0), new AtomicUint(0)];
  readonly turn = new AtomicUint(0);
}

function* enter(lock: Peterson, me: number): Generator<void, void, void> {
  const other = 1 - me;
  atomic_store_release(lock.turn, other);
  atomic_store_release(lock.flags[me], 1);
  for (;;) {
    if (atomic_load_acquire(lock.flags[other]) === 0) return;
    if (atomic_load_acquire(lock.turn) === me) return;
    yield* preempt();
  }
}

function* leave(lock: Peterson, me: number): Generator<void, void, void> {
  atomic_store_release(lock.flags[me], 0);
}

function* contend(lock: Peterson, section: Section, me: number): Generator<void, void, void> {
  yield* enter(lock, me);
  yield* visit(section, `thread ${me}`);
  yield* leave(lock, me);
}

const expect = expectVerdict('program-error', /mutual exclusion: thread \d comes in while/);

export default program({ components: [], expect }, function* main() {
  const lock = new Peterson();
  const section = new Section();
  yield* threads({
    zero: () => contend(lock, section, 0),
    one: () => contend(lock, section, 1),
  });
});

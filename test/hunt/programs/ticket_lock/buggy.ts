/**
 * Ticket lock: Reed and Kanodia, "Synchronization with eventcounts and sequencers" (CACM 22(2),
 * 1979); Mellor-Crummey and Scott (TOCS 1991).
 *
 * Bug      A ticket is drawn with a load and a store instead of a fetch-and-add: two get the same.
 * Needs    Two preemptions: between load and store, and again in the critical section.
 */

import {
  AtomicUint,
  atomic_inc_uint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
  preempt,
  program,
} from 'rumpus';
import { Section, visit } from '../critical.ts';
import { lwps, several } from '../kit.ts';

class TicketLock {
  readonly next = new AtomicUint(0);
  readonly serving = new AtomicUint(0);
}

function* draw(lock: TicketLock): Generator<void, number, void> {
  const ticket = atomic_load_acquire(lock.next);
  atomic_store_release(lock.next, ticket + 1);
  return ticket;
}

function* contend(lock: TicketLock, section: Section, me: number): Generator<void, void, void> {
  const ticket = yield* draw(lock);
  while (atomic_load_acquire(lock.serving) < ticket) yield* preempt();
  yield* visit(section, `thread ${me}`);
  atomic_inc_uint(lock.serving);
}

const expect = expectVerdict('program-error', /mutual exclusion: thread \d comes in while/);

export default program({ components: [], expect }, function* main() {
  const lock = new TicketLock();
  const section = new Section();
  yield* lwps(several('thread', 3, (i) => contend(lock, section, i)));
});

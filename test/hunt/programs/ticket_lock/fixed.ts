/** Ticket lock, where drawing is one step. */

import {
  AtomicUint,
  atomic_inc_uint,
  atomic_inc_uint_nv,
  atomic_load_acquire,
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
  return atomic_inc_uint_nv(lock.next) - 1;
}

function* contend(lock: TicketLock, section: Section, me: number): Generator<void, void, void> {
  const ticket = yield* draw(lock);
  while (atomic_load_acquire(lock.serving) < ticket) yield* preempt();
  yield* visit(section, `thread ${me}`);
  atomic_inc_uint(lock.serving);
}

export default program({ components: [] }, function* main() {
  const lock = new TicketLock();
  const section = new Section();
  yield* lwps(several('thread', 3, (i) => contend(lock, section, i)));
});

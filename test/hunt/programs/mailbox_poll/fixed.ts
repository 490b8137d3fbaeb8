/** A mailbox that is filled only if it is empty, in one step. */

import {
  AtomicUint,
  atomic_cas_uint,
  atomic_load_acquire,
  atomic_store_release,
  kpause,
  type MaySleep,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

const SENDERS = 2;

function poll(): MaySleep<unknown> {
  return kpause('poll', 'uninterruptible', 1000);
}

class Mailbox {
  /** Number of a sender from 1, or 0. */
  readonly box = new AtomicUint(0);
  readonly answers = Array.from({ length: SENDERS + 1 }, () => new AtomicUint(0));
}

function* fill(mailbox: Mailbox, me: number): Generator<void, void, void> {
  while (atomic_cas_uint(mailbox.box, 0, me) !== 0) yield* poll();
}

function* send(mailbox: Mailbox, me: number): Generator<void, void, void> {
  yield* fill(mailbox, me);
  while (atomic_load_acquire(mailbox.answers[me]) === 0) yield* poll();
}

function* receive(mailbox: Mailbox): Generator<void, void, void> {
  for (let i = 0; i < SENDERS; i++) {
    let from = atomic_load_acquire(mailbox.box);
    while (from === 0) {
      yield* poll();
      from = atomic_load_acquire(mailbox.box);
    }
    atomic_store_release(mailbox.answers[from], 1);
    atomic_store_release(mailbox.box, 0);
  }
}

export default program({ components: [], budget: 20_000 }, function* main() {
  const mailbox = new Mailbox();
  yield* lwps({
    send1: () => send(mailbox, 1),
    receive: () => receive(mailbox),
    send2: () => send(mailbox, 2),
  });
});

/**
 * A mailbox of one place between threads that poll it: Brinch Hansen's message slots (1970), and
 * the doorbell registers of drivers.
 *
 * Bug      Two senders both see the box empty; the second message replaces the first, and the first
 *          sender polls for its answer for ever, as does the receiver for the second message.
 * Needs    One preemption, between seeing the box empty and filling it.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
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
  while (atomic_load_acquire(mailbox.box) !== 0) yield* poll();
  atomic_store_release(mailbox.box, me);
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

const expect = expectVerdict('timeout');

export default program({ components: [], budget: 20_000, expect }, function* main() {
  const mailbox = new Mailbox();
  yield* lwps({
    send1: () => send(mailbox, 1),
    receive: () => receive(mailbox),
    send2: () => send(mailbox, 2),
  });
});

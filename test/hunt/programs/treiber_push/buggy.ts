/**
 * Treiber's stack (1986) by somebody who did not see what the compare-and-swap is for.
 *
 * Bug      push() stores the new top with a plain atomic store: of two pushes at once, one is lost.
 * Needs    One preemption, between reading the top and storing it.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

const PUSHERS = 2;
const EACH = 2;

class Stack {
  readonly head = new AtomicUint(0);
  readonly next = Array.from({ length: PUSHERS * EACH + 1 }, () => new AtomicUint(0));
}

function* push(stack: Stack, node: number): Generator<void, void, void> {
  const top = atomic_load_acquire(stack.head);
  atomic_store_release(stack.next[node], top);
  atomic_store_release(stack.head, node);
}

function* pusher(stack: Stack, index: number): Generator<void, void, void> {
  for (let i = 1; i <= EACH; i++) yield* push(stack, index * EACH + i);
}

function* count(stack: Stack): Generator<void, number, void> {
  let nodes = 0;
  let node = atomic_load_acquire(stack.head);
  for (; node !== 0; node = atomic_load_acquire(stack.next[node])) nodes++;
  return nodes;
}

const expect = expectVerdict('program-error', /treiber: \d of \d nodes are on the stack/);

export default program({ components: [], expect }, function* main() {
  const stack = new Stack();
  yield* lwps(several('push', PUSHERS, (i) => pusher(stack, i)));
  const nodes = yield* count(stack);
  if (nodes !== PUSHERS * EACH) {
    throw new Error(`treiber: ${nodes} of ${PUSHERS * EACH} nodes are on the stack`);
  }
});

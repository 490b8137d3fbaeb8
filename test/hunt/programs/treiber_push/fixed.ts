/** Treiber's stack as he wrote it: the top is exchanged only if it is still the same. */

import {
  AtomicUint,
  atomic_cas_uint,
  atomic_load_acquire,
  atomic_store_release,
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
  for (;;) {
    const top = atomic_load_acquire(stack.head);
    atomic_store_release(stack.next[node], top);
    if (atomic_cas_uint(stack.head, top, node) === top) return;
  }
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

export default program({ components: [] }, function* main() {
  const stack = new Stack();
  yield* lwps(several('push', PUSHERS, (i) => pusher(stack, i)));
  const nodes = yield* count(stack);
  if (nodes !== PUSHERS * EACH) {
    throw new Error(`treiber: ${nodes} of ${PUSHERS * EACH} nodes are on the stack`);
  }
});

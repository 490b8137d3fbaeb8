/** The lock-free stack with a count in the upper half of its head, which every exchange changes. */

import { atomic_cas_uint, atomic_load_acquire, atomic_store_release, program } from 'rumpus';
import { threads } from '../kit.ts';
import { disown, own, Stack } from '../stack_of_indices.ts';

const NODE = 0xffff;

function changed(head: number, node: number): number {
  return ((((head >>> 16) + 1) << 16) | node) >>> 0;
}

function* pop(stack: Stack): Generator<void, number, void> {
  for (;;) {
    const head = atomic_load_acquire(stack.head);
    const top = head & NODE;
    if (top === 0) return 0;
    const next = atomic_load_acquire(stack.next[top]);
    if (atomic_cas_uint(stack.head, head, changed(head, next)) !== head) continue;
    yield* own(stack, top);
    return top;
  }
}

function* push(stack: Stack, node: number): Generator<void, void, void> {
  yield* disown(stack, node);
  for (;;) {
    const head = atomic_load_acquire(stack.head);
    atomic_store_release(stack.next[node], head & NODE);
    if (atomic_cas_uint(stack.head, head, changed(head, node)) === head) return;
  }
}

function* popTwice(stack: Stack): Generator<void, void, void> {
  yield* pop(stack);
  yield* pop(stack);
}

function* popTwiceAndPush(stack: Stack): Generator<void, void, void> {
  const first = yield* pop(stack);
  yield* pop(stack);
  if (first !== 0) yield* push(stack, first);
}

export default program({ components: [] }, function* main() {
  const stack = new Stack(4);
  yield* threads({ one: () => popTwice(stack), two: () => popTwiceAndPush(stack) });
});

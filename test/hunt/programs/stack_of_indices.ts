/**
 * A lock-free stack: Treiber, "Systems programming: coping with parallelism" (IBM RJ 5118, 1986).
 * Nodes are numbered from 1, since compare-and-swap works on numbers; 0 is the end.
 */

import {
  AtomicUint,
  atomic_cas_uint,
  atomic_load_acquire,
  atomic_store_release,
  atomic_swap_uint,
} from 'rumpus';

export class Stack {
  readonly head = new AtomicUint(0);
  readonly next: AtomicUint[];
  /** By node: whether somebody has taken it off. */
  readonly owned: AtomicUint[];

  /** Nodes 1 to `nodes` are on it, 1 on top. */
  constructor(nodes: number) {
    this.next = Array.from({ length: nodes + 1 }, (_, i) => new AtomicUint((i + 1) % (nodes + 1)));
    this.owned = Array.from({ length: nodes + 1 }, () => new AtomicUint(0));
    this.head.value = 1;
  }
}

/** A node that is taken off belongs to who took it. */
export function* own(stack: Stack, node: number): Generator<void, void, void> {
  if (node !== 0 && atomic_swap_uint(stack.owned[node], 1) === 1) {
    throw new Error(`lock-free stack: node ${node} is taken off by two`);
  }
}

export function* disown(stack: Stack, node: number): Generator<void, void, void> {
  atomic_store_release(stack.owned[node], 0);
}

/** pop() as it is first written. */
export function* pop(stack: Stack): Generator<void, number, void> {
  for (;;) {
    const top = atomic_load_acquire(stack.head);
    if (top === 0) return 0;
    const next = atomic_load_acquire(stack.next[top]);
    if (atomic_cas_uint(stack.head, top, next) !== top) continue;
    yield* own(stack, top);
    return top;
  }
}

export function* push(stack: Stack, node: number): Generator<void, void, void> {
  yield* disown(stack, node);
  for (;;) {
    const top = atomic_load_acquire(stack.head);
    atomic_store_release(stack.next[node], top);
    if (atomic_cas_uint(stack.head, top, node) === top) return;
  }
}

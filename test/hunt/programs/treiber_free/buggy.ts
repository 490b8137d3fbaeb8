/**
 * Treiber's stack without hazard pointers: Michael, "Hazard pointers: safe memory reclamation for
 * lock-free objects" (IEEE TPDS 2004), section 1.
 *
 * Bug      pop() gives the node back to the pool at once, while another pop may have read the top
 *          and be about to read its link.
 * Needs    One preemption, between reading the top and reading its link.
 */

import {
  AtomicUint,
  atomic_cas_uint,
  atomic_load_acquire,
  curkernel,
  expectVerdict,
  type Pool,
  PR_WAITOK,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Node {
  /** Number of the node below, 0 at the end. */
  next = 0;
}

class Stack {
  readonly head = new AtomicUint(0);
  /** By number, from 1; the table itself does not change while threads run. */
  readonly nodes: Node[] = [new Node()];
}

function* pop(stack: Stack, pool: Pool<Node>): Generator<void, void, void> {
  for (;;) {
    const top = atomic_load_acquire(stack.head);
    if (top === 0) return;
    const { next } = stack.nodes[top];
    if (atomic_cas_uint(stack.head, top, next) !== top) continue;
    pool_put(pool, stack.nodes[top]);
    return;
  }
}

const expect = expectVerdict('use-after-free', /node\.next is read after the node was freed/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Node> = pool_init(curkernel(), 'node', 16, () => new Node());
  const stack = new Stack();
  for (let i = 1; i <= 3; i++) {
    const node = (yield* pool_get(pool, PR_WAITOK))!;
    node.next = i - 1;
    stack.nodes.push(node);
  }
  stack.head.value = 3;
  yield* lwps(several('pop', 2, () => pop(stack, pool)));
  const left = stack.head.value;
  for (let i = 1; i <= left; i++) pool_put(pool, stack.nodes[i]);
});

/** Treiber's stack, whose nodes are given back when nobody can look at them any more. */

import {
  AtomicUint,
  atomic_cas_uint,
  atomic_load_acquire,
  curkernel,
  type Pool,
  PR_WAITOK,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Node {
  next = 0;
}

class Stack {
  readonly head = new AtomicUint(0);
  readonly nodes: Node[] = [new Node()];
}

function* pop(stack: Stack): Generator<void, void, void> {
  for (;;) {
    const top = atomic_load_acquire(stack.head);
    if (top === 0) return;
    const { next } = stack.nodes[top];
    if (atomic_cas_uint(stack.head, top, next) === top) return;
  }
}

export default program({ components: [] }, function* main() {
  const pool: Pool<Node> = pool_init(curkernel(), 'node', 16, () => new Node());
  const stack = new Stack();
  for (let i = 1; i <= 3; i++) {
    const node = (yield* pool_get(pool, PR_WAITOK))!;
    node.next = i - 1;
    stack.nodes.push(node);
  }
  stack.head.value = 3;
  yield* lwps(several('pop', 2, () => pop(stack)));
  for (let i = 1; i <= 3; i++) pool_put(pool, stack.nodes[i]);
});

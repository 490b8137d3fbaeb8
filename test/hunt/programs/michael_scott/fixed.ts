/** Michael and Scott's queue, where a node is linked only to what is the end still. */

import { AtomicUint, atomic_cas_uint, atomic_load_acquire, program } from 'rumpus';
import { several, threads } from '../kit.ts';

const NODES = 3;

/** Node 0 is the dummy; next is a node, or 0 at the end. */
class Queue {
  readonly next = Array.from({ length: NODES }, () => new AtomicUint(0));
  readonly tail = new AtomicUint(0);
}

function* enqueue(queue: Queue, node: number): Generator<void, void, void> {
  for (;;) {
    const tail = atomic_load_acquire(queue.tail);
    const next = atomic_load_acquire(queue.next[tail]);
    if (next !== 0) {
      atomic_cas_uint(queue.tail, tail, next);
      continue;
    }
    if (atomic_cas_uint(queue.next[tail], 0, node) !== 0) continue;
    atomic_cas_uint(queue.tail, tail, node);
    return;
  }
}

function* length(queue: Queue): Generator<void, number, void> {
  let nodes = 0;
  let node = atomic_load_acquire(queue.next[0]);
  for (; node !== 0; node = atomic_load_acquire(queue.next[node])) nodes++;
  return nodes;
}

export default program({ components: [] }, function* main() {
  const queue = new Queue();
  yield* threads(several('enqueue', NODES - 1, (i) => enqueue(queue, i + 1)));
  const nodes = yield* length(queue);
  if (nodes !== NODES - 1) {
    throw new Error(`lock-free queue: ${nodes} of ${NODES - 1} nodes are in it`);
  }
});

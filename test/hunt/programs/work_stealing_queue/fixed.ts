/** Work-stealing queue, where the victim takes the tail back before it looks at the head. */

import { atomic_load_acquire, atomic_store_release, program } from 'rumpus';
import { popLast, SIZE, type WorkStealingQueue } from './queue.ts';
import { work } from './work.ts';

function* pop(q: WorkStealingQueue): Generator<void, number, void> {
  const tail = atomic_load_acquire(q.tail);
  if (tail === 0) return -1;
  atomic_store_release(q.tail, tail - 1);
  const head = atomic_load_acquire(q.head);
  if (head <= tail - 1) return atomic_load_acquire(q.slots[(tail - 1) % SIZE]);
  return yield* popLast(q, tail);
}

export default program({ components: [] }, function* main() {
  yield* work(pop);
});

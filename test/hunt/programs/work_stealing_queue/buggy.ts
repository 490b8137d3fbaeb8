/**
 * Work-stealing queue: CHESS (Musuvathi and others, OSDI 2008); SCTBench chess.WSQ. ./queue.ts says
 * whose algorithm it is.
 *
 * Bug      The victim looks at the head before it takes the tail back, so that victim and thief both
 *          get the last item.
 * Needs    One preemption of the victim, between its look and its store.
 */

import { atomic_load_acquire, atomic_store_release, expectVerdict, program } from 'rumpus';
import { popLast, SIZE, type WorkStealingQueue } from './queue.ts';
import { work } from './work.ts';

function* pop(q: WorkStealingQueue): Generator<void, number, void> {
  const tail = atomic_load_acquire(q.tail);
  if (tail === 0) return -1;
  const head = atomic_load_acquire(q.head);
  atomic_store_release(q.tail, tail - 1);
  if (head <= tail - 1) return atomic_load_acquire(q.slots[(tail - 1) % SIZE]);
  return yield* popLast(q, tail);
}

const expect = expectVerdict('program-error', /work stealing: item \d is done \d times/);

export default program({ components: [], expect }, function* main() {
  yield* work(pop);
});

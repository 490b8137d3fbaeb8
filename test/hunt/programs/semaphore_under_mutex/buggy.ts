/**
 * Producer and consumer with semaphores, the two waits the wrong way round: Tanenbaum, "Operating
 * systems" (1987), section 2.2.5, warns of it; Downey, "The little book of semaphores".
 *
 * Bug      The consumer waits for an item with the mutex held that the producer needs.
 * Needs    One ordering: the consumer comes first.
 */

import { expectVerdict, program, type Sem, sem_init, sem_post, sem_wait } from 'rumpus';
import { threads } from '../kit.ts';

class Buffer {
  readonly mutex = sem_init(1, 'mutex') as Sem;
  readonly items = sem_init(0, 'items') as Sem;
  readonly values: number[] = [];
}

function* produce(buffer: Buffer): Generator<void, void, void> {
  yield* sem_wait(buffer.mutex);
  buffer.values.push(1);
  yield* sem_post(buffer.mutex);
  yield* sem_post(buffer.items);
}

function* consume(buffer: Buffer): Generator<void, void, void> {
  yield* sem_wait(buffer.mutex);
  yield* sem_wait(buffer.items);
  if (buffer.values.pop() === undefined) throw new Error('semaphore: there is no item');
  yield* sem_post(buffer.mutex);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const buffer = new Buffer();
  yield* threads({ consume: () => consume(buffer), produce: () => produce(buffer) });
});

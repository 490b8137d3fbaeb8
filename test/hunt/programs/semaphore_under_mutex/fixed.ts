/** Producer and consumer with semaphores, the waits the right way round. */

import { program, type Sem, sem_init, sem_post, sem_wait } from 'rumpus';
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
  yield* sem_wait(buffer.items);
  yield* sem_wait(buffer.mutex);
  if (buffer.values.pop() === undefined) throw new Error('semaphore: there is no item');
  yield* sem_post(buffer.mutex);
}

export default program({ components: [] }, function* main() {
  const buffer = new Buffer();
  yield* threads({ consume: () => consume(buffer), produce: () => produce(buffer) });
});

/** Bounded buffer with one condition variable, and a broadcast. */

import {
  program,
  pthread_cond_init,
  pthread_cond_broadcast,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from '../kit.ts';

const SIZE = 1;

class Buffer {
  readonly lock = pthread_mutex_init('buffer');
  readonly changed = pthread_cond_init('changed');
  readonly items: number[] = [];
}

function* put(buffer: Buffer, item: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(buffer.lock);
  while (buffer.items.length === SIZE) yield* pthread_cond_wait(buffer.changed, buffer.lock);
  buffer.items.push(item);
  yield* pthread_cond_broadcast(buffer.changed);
  yield* pthread_mutex_unlock(buffer.lock);
}

function* get(buffer: Buffer): Generator<void, void, void> {
  yield* pthread_mutex_lock(buffer.lock);
  while (buffer.items.length === 0) yield* pthread_cond_wait(buffer.changed, buffer.lock);
  buffer.items.shift();
  yield* pthread_cond_broadcast(buffer.changed);
  yield* pthread_mutex_unlock(buffer.lock);
}

function* twice(body: () => Generator<void, void, void>): Generator<void, void, void> {
  yield* body();
  yield* body();
}

export default program({ components: [] }, function* main() {
  const buffer = new Buffer();
  yield* threads({
    ...several('put', 2, (i) => twice(() => put(buffer, i))),
    ...several('get', 2, () => twice(() => get(buffer))),
  });
});

/**
 * Bounded buffer with one condition variable: Tom Cargill's challenge (C2 wiki, "Extreme
 * Programming challenge fourteen"); Coyote's BoundedBuffer sample.
 *
 * Bug      Readers and writers wait on one condition variable, and a signal wakes one of them: it
 *          may wake one of the same kind, and then nobody goes on.
 * Needs    About four orderings, over two producers and two consumers of one place.
 */

import {
  expectVerdict,
  program,
  pthread_cond_init,
  pthread_cond_signal,
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
  yield* pthread_cond_signal(buffer.changed);
  yield* pthread_mutex_unlock(buffer.lock);
}

function* get(buffer: Buffer): Generator<void, void, void> {
  yield* pthread_mutex_lock(buffer.lock);
  while (buffer.items.length === 0) yield* pthread_cond_wait(buffer.changed, buffer.lock);
  buffer.items.shift();
  yield* pthread_cond_signal(buffer.changed);
  yield* pthread_mutex_unlock(buffer.lock);
}

function* twice(body: () => Generator<void, void, void>): Generator<void, void, void> {
  yield* body();
  yield* body();
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const buffer = new Buffer();
  yield* threads({
    ...several('put', 2, (i) => twice(() => put(buffer, i))),
    ...several('get', 2, () => twice(() => get(buffer))),
  });
});

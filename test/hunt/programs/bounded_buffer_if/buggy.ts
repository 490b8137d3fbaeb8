/**
 * Bounded buffer: Andrews, "Concurrent Programming" (1991); Mesa's monitors, Lampson and Redell,
 * CACM 23(2), 1980, say why a wait needs a loop. Inspect's boundedBuffer.
 *
 * Bug      A consumer waits with `if`: when it runs again, another has taken the item.
 * Needs    Two orderings: a consumer waits, and another gets the lock between wakeup and return.
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
import { threads } from '../kit.ts';

class Buffer {
  readonly lock = pthread_mutex_init('buffer');
  readonly notEmpty = pthread_cond_init('not empty');
  readonly items: number[] = [];
}

function* put(buffer: Buffer, item: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(buffer.lock);
  buffer.items.push(item);
  yield* pthread_cond_signal(buffer.notEmpty);
  yield* pthread_mutex_unlock(buffer.lock);
}

function* get(buffer: Buffer): Generator<void, void, void> {
  yield* pthread_mutex_lock(buffer.lock);
  if (buffer.items.length === 0) yield* pthread_cond_wait(buffer.notEmpty, buffer.lock);
  const item = buffer.items.shift();
  if (item === undefined) throw new Error('bounded buffer: an item is taken out of nothing');
  yield* pthread_mutex_unlock(buffer.lock);
}

function* produce(buffer: Buffer): Generator<void, void, void> {
  yield* put(buffer, 1);
  yield* put(buffer, 2);
}

const expect = expectVerdict('program-error', /bounded buffer: an item is taken out of nothing/);

export default program({ components: [], expect }, function* main() {
  const buffer = new Buffer();
  yield* threads({
    get0: () => get(buffer),
    get1: () => get(buffer),
    produce: () => produce(buffer),
  });
});

/**
 * The wronglock family of Cordeiro and Fischer's benchmarks (ICSE 2011; SCTBench CS): some threads
 * guard a value with one lock and some with another.
 */

import {
  type PthreadMutex,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from './kit.ts';

interface Data {
  value: number;
}

function* addAndLook(lock: PthreadMutex, data: Data): Generator<void, void, void> {
  yield* pthread_mutex_lock(lock);
  const before = data.value;
  data.value++;
  if (data.value !== before + 1) {
    throw new Error(`wronglock: ${before} and one are ${data.value}`);
  }
  yield* pthread_mutex_unlock(lock);
}

function* add(lock: PthreadMutex, data: Data): Generator<void, void, void> {
  yield* pthread_mutex_lock(lock);
  data.value++;
  yield* pthread_mutex_unlock(lock);
}

/** One thread that adds and looks, `others` that add. */
export function* wronglock(
  others: number,
  locks: 'one lock' | 'two locks',
): Generator<void, void, void> {
  const data: Data = { value: 0 };
  const right = pthread_mutex_init('right');
  const other = locks === 'one lock' ? right : pthread_mutex_init('wrong');
  yield* threads({
    look: () => addAndLook(right, data),
    ...several('add', others, () => add(other, data)),
  });
}

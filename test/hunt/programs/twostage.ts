/**
 * The twostage family of Cordeiro and Fischer's benchmarks (ICSE 2011; SCTBench CS): a value is
 * stored under one lock and its derived value under another; readers see the first without the
 * second.
 */

import { pthread_mutex_init, pthread_mutex_lock, pthread_mutex_unlock } from 'rumpus';
import { several, threads } from './kit.ts';

class Stages {
  readonly firstLock = pthread_mutex_init('first');
  readonly secondLock = pthread_mutex_init('second');
  /** Guarded by firstLock. */
  first = 0;
  /** Guarded by secondLock. */
  second = 0;
}

type Body = (stages: Stages) => Generator<void, void, void>;

export function* store(stages: Stages): Generator<void, void, void> {
  yield* pthread_mutex_lock(stages.firstLock);
  stages.first = 1;
  yield* pthread_mutex_unlock(stages.firstLock);
  yield* pthread_mutex_lock(stages.secondLock);
  stages.second = stages.first + 1;
  yield* pthread_mutex_unlock(stages.secondLock);
}

/** Both stages while the first lock is held. */
export function* storeAtOnce(stages: Stages): Generator<void, void, void> {
  yield* pthread_mutex_lock(stages.firstLock);
  stages.first = 1;
  yield* pthread_mutex_lock(stages.secondLock);
  stages.second = stages.first + 1;
  yield* pthread_mutex_unlock(stages.secondLock);
  yield* pthread_mutex_unlock(stages.firstLock);
}

function* read(stages: Stages): Generator<void, void, void> {
  yield* pthread_mutex_lock(stages.firstLock);
  const first = stages.first;
  yield* pthread_mutex_unlock(stages.firstLock);
  if (first === 0) return;
  yield* pthread_mutex_lock(stages.secondLock);
  const second = stages.second;
  yield* pthread_mutex_unlock(stages.secondLock);
  if (second !== first + 1) throw new Error(`twostage: ${second} does not follow ${first}`);
}

/** `writers` threads that store, and one that reads. */
export function* twostage(writers: number, body: Body): Generator<void, void, void> {
  const stages = new Stages();
  yield* threads({
    ...several('store', writers, () => body(stages)),
    read: () => read(stages),
  });
}

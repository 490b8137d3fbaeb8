/**
 * The reorder family of Cordeiro and Fischer's benchmarks (ICSE 2011; SCTBench CS): setters write
 * two variables one after the other, a checker reads both and must see neither or both.
 */

import { pthread_mutex_init, pthread_mutex_lock, pthread_mutex_unlock } from 'rumpus';
import { several, threads } from './kit.ts';

class Pair {
  readonly lock = pthread_mutex_init('pair');
  a = 0;
  b = 0;
}

function* set(pair: Pair): Generator<void, void, void> {
  pair.a = 1;
  pair.b = -1;
}

function* check(pair: Pair): Generator<void, void, void> {
  const { a, b } = pair;
  if (!(a === 0 && b === 0) && !(a === 1 && b === -1)) {
    throw new Error(`reorder: a is ${a} and b is ${b}`);
  }
}

/** `setters` threads set, and one checks: without a lock. */
export function* reorder(setters: number): Generator<void, void, void> {
  const pair = new Pair();
  yield* threads({ ...several('set', setters, () => set(pair)), check: () => check(pair) });
}

function* locked(pair: Pair, body: typeof set): Generator<void, void, void> {
  yield* pthread_mutex_lock(pair.lock);
  yield* body(pair);
  yield* pthread_mutex_unlock(pair.lock);
}

/** The same with each under the lock. */
export function* reorderLocked(setters: number): Generator<void, void, void> {
  const pair = new Pair();
  yield* threads({
    ...several('set', setters, () => locked(pair, set)),
    check: () => locked(pair, check),
  });
}

/**
 * Put if absent: Goetz and others, "Java concurrency in practice" (2006), section 4.4: operations
 * that are each locked do not make one that is.
 *
 * Bug      has() and add() of a locked set are called one after the other.
 * Needs    One preemption between the calls. No data race.
 */

import {
  expectVerdict,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { several, threads } from '../kit.ts';

class Names {
  readonly lock: PthreadMutex = pthread_mutex_init('names');
  readonly set = new Set<string>();
  /** Who was told that the name is theirs. */
  granted = 0;
}

function* has(names: Names, name: string): Generator<void, boolean, void> {
  yield* pthread_mutex_lock(names.lock);
  const found = names.set.has(name);
  yield* pthread_mutex_unlock(names.lock);
  return found;
}

function* add(names: Names, name: string): Generator<void, void, void> {
  yield* pthread_mutex_lock(names.lock);
  names.set.add(name);
  names.granted++;
  yield* pthread_mutex_unlock(names.lock);
}

function* register(names: Names, name: string): Generator<void, void, void> {
  if (yield* has(names, name)) return;
  yield* add(names, name);
}

const expect = expectVerdict('program-error', /names: \d have the same name/);

export default program({ components: [], expect }, function* main() {
  const names = new Names();
  yield* threads(several('register', 2, () => register(names, 'root')));
  if (names.granted !== 1) throw new Error(`names: ${names.granted} have the same name`);
});

/** Put if absent, in one critical section. */

import {
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
  granted = 0;
}

function* register(names: Names, name: string): Generator<void, void, void> {
  yield* pthread_mutex_lock(names.lock);
  if (!names.set.has(name)) {
    names.set.add(name);
    names.granted++;
  }
  yield* pthread_mutex_unlock(names.lock);
}

export default program({ components: [] }, function* main() {
  const names = new Names();
  yield* threads(several('register', 2, () => register(names, 'root')));
  if (names.granted !== 1) throw new Error(`names: ${names.granted} have the same name`);
});

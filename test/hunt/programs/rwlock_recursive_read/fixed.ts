/** A lock that is read once: who holds it reads the field. */

import {
  type PthreadRwlock,
  program,
  pthread_rwlock_init,
  pthread_rwlock_rdlock,
  pthread_rwlock_unlock,
  pthread_rwlock_wrlock,
} from 'rumpus';
import { threads } from '../kit.ts';

class Config {
  readonly lock: PthreadRwlock = pthread_rwlock_init('config');
  host = 'localhost';
  port = 80;
}

function* address(config: Config): Generator<void, string, void> {
  yield* pthread_rwlock_rdlock(config.lock);
  const found = `${config.host}:${config.port}`;
  yield* pthread_rwlock_unlock(config.lock);
  return found;
}

function* change(config: Config): Generator<void, void, void> {
  yield* pthread_rwlock_wrlock(config.lock);
  config.port = 8080;
  yield* pthread_rwlock_unlock(config.lock);
}

export default program({ components: [] }, function* main() {
  const config = new Config();
  yield* threads({ address: () => address(config), change: () => change(config) });
});

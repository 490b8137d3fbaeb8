/**
 * A lock that is read twice by one thread: pthread_rwlock_rdlock(3) lets readers wait for writers
 * that wait. Java, Go (sync.RWMutex) and Linux say the same in their manuals.
 *
 * Bug      Between the two reads a writer comes, which waits for the first; the second waits for it.
 * Needs    One preemption, between the two.
 */

import {
  expectVerdict,
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

function* port(config: Config): Generator<void, number, void> {
  yield* pthread_rwlock_rdlock(config.lock);
  const found = config.port;
  yield* pthread_rwlock_unlock(config.lock);
  return found;
}

function* address(config: Config): Generator<void, string, void> {
  yield* pthread_rwlock_rdlock(config.lock);
  const found = `${config.host}:${yield* port(config)}`;
  yield* pthread_rwlock_unlock(config.lock);
  return found;
}

function* change(config: Config): Generator<void, void, void> {
  yield* pthread_rwlock_wrlock(config.lock);
  config.port = 8080;
  yield* pthread_rwlock_unlock(config.lock);
}

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main() {
  const config = new Config();
  yield* threads({ address: () => address(config), change: () => change(config) });
});

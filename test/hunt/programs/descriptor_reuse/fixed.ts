/** A descriptor that is closed under the lock under which it is written to. */

import {
  O_CREAT,
  O_RDWR,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Sys,
} from 'rumpus';
import { threads } from '../kit.ts';

class Connection {
  readonly lock: PthreadMutex = pthread_mutex_init('connection');
  /** Guarded by `lock`; -1 when it is closed. */
  fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }
}

function* send(sys: Sys, connection: Connection): Generator<void, void, void> {
  yield* pthread_mutex_lock(connection.lock);
  if (connection.fd >= 0) yield* sys.write(connection.fd, 'secret');
  yield* pthread_mutex_unlock(connection.lock);
}

function* hangUp(sys: Sys, connection: Connection, other: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(connection.lock);
  yield* sys.close(connection.fd);
  connection.fd = -1;
  yield* pthread_mutex_unlock(connection.lock);
  yield* sys.dup(other);
}

export default program(function* main(sys) {
  const connection = new Connection(yield* sys.open('/private', O_CREAT | O_RDWR, 0o600));
  const other = yield* sys.open('/public', O_CREAT | O_RDWR, 0o644);
  yield* threads({
    hangUp: () => hangUp(sys, connection, other),
    send: () => send(sys, connection),
  });
  const { size } = yield* sys.stat('/public');
  if (size > 0) throw new Error(`descriptor: ${size} bytes of the secret are public`);
});

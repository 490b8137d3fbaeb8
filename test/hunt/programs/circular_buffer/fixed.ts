/** circular_buffer, where both wait for their turn. */

import {
  program,
  pthread_cond_broadcast,
  pthread_cond_init,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

const SIZE = 10;
const COUNT = 7;

class Log {
  readonly lock = pthread_mutex_init('log');
  readonly turn = pthread_cond_init('turn');
  readonly buffer = new Uint8Array(SIZE);
  first = 0;
  next = 0;
  send = true;
}

function insert(log: Log, value: number): void {
  log.buffer[log.next] = value;
  log.next = (log.next + 1) % SIZE;
}

function remove(log: Log): number {
  log.first++;
  return log.buffer[log.first - 1];
}

function* sender(log: Log): Generator<void, void, void> {
  for (let i = 0; i < COUNT; i++) {
    yield* pthread_mutex_lock(log.lock);
    while (!log.send) yield* pthread_cond_wait(log.turn, log.lock);
    insert(log, i);
    log.send = false;
    yield* pthread_cond_broadcast(log.turn);
    yield* pthread_mutex_unlock(log.lock);
  }
}

function* receiver(log: Log): Generator<void, void, void> {
  for (let i = 0; i < COUNT; i++) {
    yield* pthread_mutex_lock(log.lock);
    while (log.send) yield* pthread_cond_wait(log.turn, log.lock);
    const value = remove(log);
    if (value !== i) throw new Error(`circular buffer: ${value} is received for ${i}`);
    log.send = true;
    yield* pthread_cond_broadcast(log.turn);
    yield* pthread_mutex_unlock(log.lock);
  }
}

export default program({ components: [] }, function* main() {
  const log = new Log();
  yield* threads({ sender: () => sender(log), receiver: () => receiver(log) });
});

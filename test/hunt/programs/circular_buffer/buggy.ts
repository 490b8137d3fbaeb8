/**
 * circular_buffer of the CS benchmarks (SCTBench): a sender and a receiver of seven numbers, who
 * take turns.
 *
 * Bug      Who is not at turn skips its number instead of waiting. No data race: all is locked.
 * Needs    Two preemptions: the sender loses its turn once, and gets it again before it ends.
 */

import {
  expectVerdict,
  type PthreadMutex,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

const SIZE = 10;
const COUNT = 7;

class Log {
  readonly lock: PthreadMutex = pthread_mutex_init('log');
  readonly buffer = new Uint8Array(SIZE);
  first = 0;
  next = 0;
  send = true;
  receive = false;
}

function insert(log: Log, value: number): void {
  log.buffer[log.next] = value;
  log.next = (log.next + 1) % SIZE;
}

function remove(log: Log): number {
  if (log.next === 0 || log.first >= SIZE) return -1;
  log.first++;
  return log.buffer[log.first - 1];
}

function* sender(log: Log): Generator<void, void, void> {
  for (let i = 0; i < COUNT; i++) {
    yield* pthread_mutex_lock(log.lock);
    if (log.send) {
      insert(log, i);
      log.send = false;
      log.receive = true;
    }
    yield* pthread_mutex_unlock(log.lock);
  }
}

function* receiver(log: Log): Generator<void, void, void> {
  for (let i = 0; i < COUNT; i++) {
    yield* pthread_mutex_lock(log.lock);
    if (log.receive) {
      const value = remove(log);
      if (value !== i) throw new Error(`circular buffer: ${value} is received for ${i}`);
      log.receive = false;
      log.send = true;
    }
    yield* pthread_mutex_unlock(log.lock);
  }
}

const expect = expectVerdict('program-error', /circular buffer: \d+ is received for/);

export default program({ components: [], expect }, function* main() {
  const log = new Log();
  yield* threads({ sender: () => sender(log), receiver: () => receiver(log) });
});

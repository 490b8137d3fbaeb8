/**
 * queue of the CS benchmarks (SCTBench): what was put in is remembered aside, and compared with
 * what comes out.
 *
 * Bug      Flags say who is at turn; a thread that is not at turn goes on to its next number.
 * Needs    Two preemptions: the producer skips a number, then is at turn again.
 */

import {
  expectVerdict,
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';
import { threads } from '../kit.ts';

const SIZE = 5;

interface Queue {
  readonly elements: number[];
  head: number;
  tail: number;
}

function enqueue(queue: Queue, value: number): void {
  queue.elements[queue.tail] = value;
  queue.tail = (queue.tail + 1) % SIZE;
}

function dequeue(queue: Queue): number {
  const value = queue.elements[queue.head];
  queue.head = (queue.head + 1) % SIZE;
  return value;
}

const expect = expectVerdict('program-error', /queue: \d+ comes out, and not/);

export default program({ components: [], expect }, function* main() {
  const lock = pthread_mutex_init('queue');
  const queue: Queue = { elements: [], head: 0, tail: 0 };
  const stored: number[] = [];
  let mayEnqueue = true;
  let mayDequeue = false;

  function* produce(): Generator<void, void, void> {
    for (let i = 0; i < SIZE; i++) {
      yield* pthread_mutex_lock(lock);
      if (mayEnqueue) {
        enqueue(queue, i * i);
        stored[i] = i * i;
        mayEnqueue = false;
        mayDequeue = true;
      }
      yield* pthread_mutex_unlock(lock);
    }
  }

  function* consume(): Generator<void, void, void> {
    for (let i = 0; i < SIZE; i++) {
      yield* pthread_mutex_lock(lock);
      if (mayDequeue) {
        const value = dequeue(queue);
        if (value !== stored[i]) {
          throw new Error(`queue: ${value} comes out, and not ${stored[i]}`);
        }
        mayDequeue = false;
        mayEnqueue = true;
      }
      yield* pthread_mutex_unlock(lock);
    }
  }

  yield* threads({ produce, consume });
});

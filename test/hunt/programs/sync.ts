/**
 * The monitors of sync01 and sync02 of the CS benchmarks (SCTBench): a cell that is full or empty,
 * two conditions.
 */

import {
  pthread_cond_init,
  pthread_cond_signal,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';

export class Cell {
  readonly lock = pthread_mutex_init('cell');
  readonly empty = pthread_cond_init('empty');
  readonly full = pthread_cond_init('full');
  /** Guarded by `lock`. */
  num: number;

  constructor(num: number) {
    this.num = num;
  }
}

export function* produce(cell: Cell, times: number): Generator<void, void, void> {
  for (let i = 0; i < times; i++) {
    yield* pthread_mutex_lock(cell.lock);
    while (cell.num > 0) yield* pthread_cond_wait(cell.empty, cell.lock);
    cell.num++;
    yield* pthread_mutex_unlock(cell.lock);
    yield* pthread_cond_signal(cell.full);
  }
}

/** `consumes` 0 looks at what is there and leaves it. */
export function* consume(cell: Cell, times: number, consumes: 0 | 1): Generator<void, void, void> {
  for (let i = 0; i < times; i++) {
    yield* pthread_mutex_lock(cell.lock);
    while (cell.num === 0) yield* pthread_cond_wait(cell.full, cell.lock);
    cell.num -= consumes;
    yield* pthread_mutex_unlock(cell.lock);
    yield* pthread_cond_signal(cell.empty);
  }
}

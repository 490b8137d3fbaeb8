/**
 * qsort_mt, a quicksort with a pool of threads: Diomidis Spinellis (FreeBSD, 2007). A thread that
 * has partitioned its range gives the left part to an idle one and goes on with the right.
 */

import {
  pthread_cond_init,
  pthread_cond_signal,
  pthread_cond_wait,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
} from 'rumpus';

export class Worker {
  readonly lock = pthread_mutex_init('worker');
  readonly changed = pthread_cond_init('worker changed');
  state: 'idle' | 'work' | 'end' = 'idle';
  /** What it is to sort: [from, to). */
  from = 0;
  to = 0;
}

export class Pool {
  readonly lock = pthread_mutex_init('pool');
  readonly workers: Worker[];
  readonly values: number[];
  /** Guarded by `lock`. */
  idle: number;

  constructor(threads: number, values: number[]) {
    this.workers = Array.from({ length: threads }, () => new Worker());
    this.values = values;
    this.idle = threads;
  }
}

/** An idle worker, which is at work and locked from then on. */
export type Allocate = (pool: Pool) => Generator<void, Worker | undefined, void>;

function partition(values: number[], from: number, to: number): number {
  const pivot = values[to - 1];
  let at = from;
  for (let i = from; i < to - 1; i++) {
    if (values[i] >= pivot) continue;
    [values[i], values[at]] = [values[at], values[i]];
    at++;
  }
  [values[to - 1], values[at]] = [values[at], values[to - 1]];
  return at;
}

/** Gives a worker that allocate() returned its range, and lets it go. */
export function* launch(worker: Worker, from: number, to: number): Generator<void, void, void> {
  worker.from = from;
  worker.to = to;
  yield* pthread_cond_signal(worker.changed);
  yield* pthread_mutex_unlock(worker.lock);
}

function* sort(
  pool: Pool,
  range: { readonly from: number; readonly to: number },
  allocate: Allocate,
): Generator<void, void, void> {
  let { from } = range;
  const { to } = range;
  while (to - from > 1) {
    const middle = partition(pool.values, from, to);
    const other = middle - from > 1 ? yield* allocate(pool) : undefined;
    if (other !== undefined) yield* launch(other, from, middle);
    else if (middle - from > 1) yield* sort(pool, { from, to: middle }, allocate);
    from = middle + 1;
  }
}

function* endOthers(pool: Pool, self: Worker): Generator<void, void, void> {
  for (const worker of pool.workers) {
    if (worker === self) continue;
    yield* pthread_mutex_lock(worker.lock);
    worker.state = 'end';
    yield* pthread_cond_signal(worker.changed);
    yield* pthread_mutex_unlock(worker.lock);
  }
}

/** Back to idle; true when that makes all of them idle, which ends the others. */
function* rest(pool: Pool, self: Worker): Generator<void, boolean, void> {
  yield* pthread_mutex_lock(pool.lock);
  yield* pthread_mutex_lock(self.lock);
  self.state = 'idle';
  yield* pthread_mutex_unlock(self.lock);
  pool.idle++;
  const last = pool.idle === pool.workers.length;
  if (last) yield* endOthers(pool, self);
  yield* pthread_mutex_unlock(pool.lock);
  return last;
}

/** What each thread of the pool runs. */
export function* work(pool: Pool, self: Worker, allocate: Allocate): Generator<void, void, void> {
  for (;;) {
    yield* pthread_mutex_lock(self.lock);
    while (self.state === 'idle') yield* pthread_cond_wait(self.changed, self.lock);
    const { state, from, to } = self;
    yield* pthread_mutex_unlock(self.lock);
    if (state === 'end') return;
    yield* sort(pool, { from, to }, allocate);
    if (yield* rest(pool, self)) return;
  }
}

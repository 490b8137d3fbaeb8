/** A grid in phases, with the barrier between storing and reading. */

import { type PthreadBarrier, program, pthread_barrier_init, pthread_barrier_wait } from 'rumpus';
import { several, threads } from '../kit.ts';

const WORKERS = 3;

interface Grid {
  readonly cells: Float64Array;
  readonly next: Float64Array;
}

function* step(grid: Grid, barrier: PthreadBarrier, i: number): Generator<void, void, void> {
  yield* pthread_barrier_wait(barrier);
  grid.cells[i] = i + 1;
  yield* pthread_barrier_wait(barrier);
  grid.next[i] = grid.cells[(i + WORKERS - 1) % WORKERS];
  yield* pthread_barrier_wait(barrier);
  if (grid.next[i] === 0) throw new Error(`barrier: cell ${i} has a neighbour of no value`);
}

export default program({ components: [] }, function* main() {
  const grid: Grid = { cells: new Float64Array(WORKERS), next: new Float64Array(WORKERS) };
  grid.cells[2] = 3;
  grid.cells[1] = 2;
  const barrier = pthread_barrier_init(WORKERS, 'step') as PthreadBarrier;
  yield* threads(several('worker', WORKERS, (i) => step(grid, barrier, i)));
});

/**
 * A grid in phases: SPLASH-2 (Woo and others, ISCA 1995) and PARSEC's streamcluster, which had a
 * barrier too few; SCTBench.
 *
 * Bug      Each worker stores its cell, then reads its neighbour's, with no barrier between.
 * Needs    One ordering: a worker reads before its neighbour has stored.
 */

import {
  expectVerdict,
  type PthreadBarrier,
  program,
  pthread_barrier_init,
  pthread_barrier_wait,
} from 'rumpus';
import { several, threads } from '../kit.ts';

const WORKERS = 3;

interface Grid {
  readonly cells: Float64Array;
  readonly next: Float64Array;
}

function* step(grid: Grid, barrier: PthreadBarrier, i: number): Generator<void, void, void> {
  yield* pthread_barrier_wait(barrier);
  grid.cells[i] = i + 1;
  grid.next[i] = grid.cells[(i + WORKERS - 1) % WORKERS];
  yield* pthread_barrier_wait(barrier);
  if (grid.next[i] === 0) throw new Error(`barrier: cell ${i} has a neighbour of no value`);
}

const expect = expectVerdict('program-error', /barrier: cell \d has a neighbour of no value/);

export default program({ components: [], expect }, function* main() {
  const grid: Grid = { cells: new Float64Array(WORKERS), next: new Float64Array(WORKERS) };
  grid.cells[2] = 3;
  grid.cells[1] = 2;
  const barrier = pthread_barrier_init(WORKERS, 'step') as PthreadBarrier;
  yield* threads(several('worker', WORKERS, (i) => step(grid, barrier, i)));
});

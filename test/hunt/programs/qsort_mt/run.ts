/** Sorts nine numbers with two threads, and looks at the result. */

import { several, threads } from '../kit.ts';
import { type Allocate, Pool, work } from './sort.ts';

export function* run(allocate: Allocate): Generator<void, void, void> {
  const pool = new Pool(2, [3, 1, 2, 7, 9, 8, 6, 5, 4]);
  const [first] = pool.workers;
  first.to = pool.values.length;
  first.state = 'work';
  pool.idle--;
  yield* threads(several('worker', 2, (i) => work(pool, pool.workers[i], allocate)));
  const inOrder = pool.values.every((value, i) => value === i + 1);
  if (!inOrder) throw new Error(`qsort: the order is ${pool.values.join(' ')}`);
}

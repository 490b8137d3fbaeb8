/**
 * lazy01 of the CS benchmarks (SCTBench).
 *
 * Bug      A thread takes it for granted that it comes before one of two others. All is locked.
 * Needs    One ordering: the third thread after both others.
 */

import {
  expectVerdict,
  KASSERT,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

const expect = expectVerdict('kassert', /lazy01: data is still below three/);

export default program({ components: [], expect }, function* main() {
  const mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'data');
  let data = 0;
  function* add(amount: number): Generator<void, void, void> {
    yield* mutex_enter(mutex);
    data += amount;
    mutex_exit(mutex);
  }
  function* look(): Generator<void, void, void> {
    yield* mutex_enter(mutex);
    KASSERT(data < 3, 'lazy01: data is still below three');
    mutex_exit(mutex);
  }
  yield* lwps({ one: () => add(1), look, two: () => add(2) });
});

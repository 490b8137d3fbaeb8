/**
 * A way out that forgets the lock: the mistake that RAII and `defer` are for; Engler and others,
 * "Bugs as deviant behavior" (SOSP 2001), found them by the dozen.
 *
 * Bug      take() returns with the mutex held when there is nothing, which is only so when the
 *          thread comes late.
 * Needs    One ordering: two take before anybody puts.
 */

import {
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Free {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'free list');
  readonly blocks = [1];
}

function* take(free: Free): Generator<void, number | undefined, void> {
  yield* mutex_enter(free.lock);
  const block = free.blocks.pop();
  if (block === undefined) return undefined;
  mutex_exit(free.lock);
  return block;
}

function* put(free: Free, block: number): Generator<void, void, void> {
  yield* mutex_enter(free.lock);
  free.blocks.push(block);
  mutex_exit(free.lock);
}

function* use(free: Free): Generator<void, void, void> {
  const block = yield* take(free);
  if (block !== undefined) yield* put(free, block);
}

const expect = expectVerdict('kassert', /LWP \d+ \(use\d\) exits with 'free list' held/);

export default program({ components: [], expect }, function* main() {
  const free = new Free();
  yield* lwps({ use0: () => use(free), use1: () => use(free) });
});

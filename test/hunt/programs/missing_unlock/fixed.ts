/** A way out that does not forget the lock. */

import { MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc, program } from 'rumpus';
import { lwps } from '../kit.ts';

class Free {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'free list');
  readonly blocks = [1];
}

function* take(free: Free): Generator<void, number | undefined, void> {
  yield* mutex_enter(free.lock);
  const block = free.blocks.pop();
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

export default program({ components: [] }, function* main() {
  const free = new Free();
  yield* lwps({ use0: () => use(free), use1: () => use(free) });
});

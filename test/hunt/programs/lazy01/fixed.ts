/** lazy01, where the third thread is content with any order. */

import { KASSERT, MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc, program } from 'rumpus';
import { lwps } from '../kit.ts';

export default program({ components: [] }, function* main() {
  const mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'data');
  let data = 0;
  function* add(amount: number): Generator<void, void, void> {
    yield* mutex_enter(mutex);
    data += amount;
    mutex_exit(mutex);
  }
  function* look(): Generator<void, void, void> {
    yield* mutex_enter(mutex);
    KASSERT(data <= 3, 'lazy01: data is at most three');
    mutex_exit(mutex);
  }
  yield* lwps({ one: () => add(1), look, two: () => add(2) });
});

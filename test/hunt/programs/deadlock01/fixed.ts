/** deadlock01 where both take the mutexes in one order. */

import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Counter {
  value = 1;
}

function* add(first: KMutex, second: KMutex, counter: Counter): Generator<void, void, void> {
  yield* mutex_enter(first);
  yield* mutex_enter(second);
  counter.value++;
  mutex_exit(second);
  mutex_exit(first);
}

export default program({ components: [] }, function* main() {
  const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
  const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
  const counter = new Counter();
  yield* lwps({ ab: () => add(a, b, counter), ab2: () => add(a, b, counter) });
});

/** Two kernels that let go of their own lock before they ask for the other. */

import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

function* lookup(own: KMutex, other: KMutex): Generator<void, void, void> {
  yield* mutex_enter(own);
  mutex_exit(own);
  yield* mutex_enter(other);
  mutex_exit(other);
}

export default program({ components: [] }, function* main(_sys, context) {
  const red = mutex_obj_alloc(MUTEX_DEFAULT, 'red export');
  const blue = mutex_obj_alloc(MUTEX_DEFAULT, 'blue export');
  const kernels = [
    yield* context.boot({ components: [], name: 'red' }),
    yield* context.boot({ components: [], name: 'blue' }),
  ];
  const children = [
    kernels[0].spawn(() => lookup(red, blue), 'lookup'),
    kernels[1].spawn(() => lookup(blue, red), 'lookup'),
  ];
  for (const child of children) yield* child.join();
});

/**
 * Two kernels that mount each other: a network file system whose server is another's client.
 *
 * Bug      A process of each kernel holds its own export's lock while it asks the other's.
 * Needs    One preemption, between the two locks of either.
 */

import {
  expectVerdict,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

function* lookup(own: KMutex, other: KMutex): Generator<void, void, void> {
  yield* mutex_enter(own);
  yield* mutex_enter(other);
  mutex_exit(other);
  mutex_exit(own);
}

const expect = expectVerdict('deadlock');

export default program({ components: [], expect }, function* main(_sys, context) {
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

/**
 * Nested monitors: Lister, "The problem of nested monitor calls" (SIGOPS 11(3), 1977).
 *
 * Bug      A wait gives up the inner mutex and keeps the outer one, which who signals needs.
 * Needs    One ordering: the waiter comes first.
 */

import {
  cv_init,
  cv_signal,
  cv_wait,
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Device {
  readonly outer = mutex_obj_alloc(MUTEX_DEFAULT, 'outer');
  readonly inner = mutex_obj_alloc(MUTEX_DEFAULT, 'inner');
  readonly ready = cv_init('ready');
  isReady = false;
}

function* read(device: Device): Generator<void, void, void> {
  yield* mutex_enter(device.outer);
  yield* mutex_enter(device.inner);
  while (!device.isReady) yield* cv_wait(device.ready, device.inner);
  mutex_exit(device.inner);
  mutex_exit(device.outer);
}

function* attach(device: Device): Generator<void, void, void> {
  yield* mutex_enter(device.outer);
  yield* mutex_enter(device.inner);
  device.isReady = true;
  cv_signal(device.ready);
  mutex_exit(device.inner);
  mutex_exit(device.outer);
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [], expect }, function* main() {
  const device = new Device();
  yield* lwps({ read: () => read(device), attach: () => attach(device) });
});

/** Monitors of which only the inner one is held while one waits. */

import {
  cv_init,
  cv_signal,
  cv_wait,
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
  yield* mutex_enter(device.inner);
  while (!device.isReady) yield* cv_wait(device.ready, device.inner);
  mutex_exit(device.inner);
}

function* attach(device: Device): Generator<void, void, void> {
  yield* mutex_enter(device.outer);
  yield* mutex_enter(device.inner);
  device.isReady = true;
  cv_signal(device.ready);
  mutex_exit(device.inner);
  mutex_exit(device.outer);
}

export default program({ components: [] }, function* main() {
  const device = new Device();
  yield* lwps({ read: () => read(device), attach: () => attach(device) });
});

/** The bluetooth driver, where a request counts itself first and then looks at the flag. */

import {
  AtomicUint,
  atomic_dec_uint_nv,
  atomic_inc_uint,
  atomic_load_acquire,
  atomic_store_release,
  program,
} from 'rumpus';
import { threads } from '../kit.ts';

class Device {
  readonly pendingIo = new AtomicUint(1);
  readonly stoppingFlag = new AtomicUint(0);
  readonly stoppingEvent = new AtomicUint(0);
  stopped = false;
}

function* ioIncrement(device: Device): Generator<void, boolean, void> {
  atomic_inc_uint(device.pendingIo);
  if (atomic_load_acquire(device.stoppingFlag) === 0) return true;
  yield* ioDecrement(device);
  return false;
}

function* ioDecrement(device: Device): Generator<void, void, void> {
  if (atomic_dec_uint_nv(device.pendingIo) === 0) atomic_store_release(device.stoppingEvent, 1);
}

function* pnpAdd(device: Device): Generator<void, void, void> {
  if (!(yield* ioIncrement(device))) return;
  if (device.stopped) throw new Error('bluetooth: a request runs on a stopped driver');
  yield* ioDecrement(device);
}

function* pnpStop(device: Device): Generator<void, void, void> {
  atomic_store_release(device.stoppingFlag, 1);
  yield* ioDecrement(device);
  if (atomic_load_acquire(device.stoppingEvent) === 1) device.stopped = true;
}

export default program({ components: [] }, function* main() {
  const device = new Device();
  yield* threads({ add: () => pnpAdd(device), stop: () => pnpStop(device) });
});

/** A component in a file of its own, which asserts something that does not hold. */

import {
  component,
  KASSERT,
  type Lwp,
  type MaySleep,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  MUTEX_DEFAULT,
  sysent,
} from 'rumpus';

class Softc {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'softc');
  busy = 0;
  readonly buffer = new Uint8Array([1, 2, 3, 4]);
}

function* sys_transfer(l: Lwp, length: number): Generator<void, number, void> {
  const sc = softcOf(l);
  yield* mutex_enter(sc.lock);
  KASSERT(length <= sc.buffer.length, 'a transfer is larger than the buffer');
  sc.busy += length;
  mutex_exit(sc.lock);
  return sc.busy;
}

function softcOf(l: Lwp): Softc {
  l.kernel.data ??= new Map();
  let sc = l.kernel.data.get('device') as Softc | undefined;
  if (sc === undefined) {
    sc = new Softc();
    l.kernel.data.set('device', sc);
  }
  return sc;
}

export interface DeviceSys {
  transfer(length: number): MaySleep<number>;
}

export const device = component({
  name: 'device',
  syscalls: { transfer: sysent(0, sys_transfer, ['number']) },
});

/**
 * Two kernels of one world and what they share: rump's remote clients (Kantee, "Flexible operating
 * system internals", 2012) meet like this.
 *
 * Bug      A process of each kernel counts under a mutex of its own kernel; the counter is one.
 * Needs    One preemption across kernels, between the read and the write.
 */

import {
  expectVerdict,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

interface Host {
  packets: number;
}

function* receive(host: Host): Generator<void, void, void> {
  const mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'interface');
  for (let i = 0; i < 2; i++) {
    yield* mutex_enter(mutex);
    host.packets++;
    mutex_exit(mutex);
  }
}

const expect = expectVerdict('program-error', /two kernels: \d packets of \d are counted/);

export default program({ components: [], expect }, function* main(_sys, context) {
  const host: Host = { packets: 0 };
  const left = yield* context.boot({ components: [], name: 'left' });
  const right = yield* context.boot({ components: [], name: 'right' });
  const children = [
    left.spawn(() => receive(host), 'receiver'),
    right.spawn(() => receive(host), 'receiver'),
  ];
  for (const child of children) yield* child.join();
  if (host.packets !== 4) throw new Error(`two kernels: ${host.packets} packets of 4 are counted`);
});

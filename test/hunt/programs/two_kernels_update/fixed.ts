/** Two kernels that count under one mutex. */

import { MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc, program } from 'rumpus';

class Host {
  readonly mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'interface');
  packets = 0;
}

function* receive(host: Host): Generator<void, void, void> {
  for (let i = 0; i < 2; i++) {
    yield* mutex_enter(host.mutex);
    host.packets++;
    mutex_exit(host.mutex);
  }
}

export default program({ components: [] }, function* main(_sys, context) {
  const host = new Host();
  const left = yield* context.boot({ components: [], name: 'left' });
  const right = yield* context.boot({ components: [], name: 'right' });
  const children = [
    left.spawn(() => receive(host), 'receiver'),
    right.spawn(() => receive(host), 'receiver'),
  ];
  for (const child of children) yield* child.join();
  if (host.packets !== 4) throw new Error(`two kernels: ${host.packets} packets of 4 are counted`);
});

/** A server that registers when it is ready. */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  O_CREAT,
  O_RDWR,
  preempt,
  program,
  type Sys,
} from 'rumpus';

class Directory {
  readonly registered = new AtomicUint(0);
  readonly motd = new AtomicUint(0);
}

function* serve(sys: Sys, directory: Directory): Generator<void, void, void> {
  const fd = yield* sys.open('/motd', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, 'welcome');
  const { size } = yield* sys.fstat(fd);
  atomic_store_release(directory.motd, size);
  atomic_store_release(directory.registered, 1);
  yield* sys.close(fd);
}

function* connect(directory: Directory): Generator<void, void, void> {
  while (atomic_load_acquire(directory.registered) === 0) yield* preempt();
  if (atomic_load_acquire(directory.motd) === 0) {
    throw new Error('two kernels: the server is there, but not its message');
  }
}

export default program({ components: [] }, function* main(_sys, context) {
  const directory = new Directory();
  const server = yield* context.boot({ name: 'server' });
  const client = yield* context.boot({ components: [], name: 'client' });
  const children = [
    server.spawn((sys) => serve(sys, directory), 'server'),
    client.spawn(() => connect(directory), 'client'),
  ];
  for (const child of children) yield* child.join();
});

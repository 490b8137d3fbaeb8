/**
 * A server and a client in two kernels: the client finds the server's name in a directory that both
 * see, as rump's clients find RUMP_SERVER.
 *
 * Bug      The server's name is there before its message is; the client waits for the name only.
 * Needs    One ordering: the client looks between the two.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  expectVerdict,
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
  atomic_store_release(directory.registered, 1);
  const fd = yield* sys.open('/motd', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, 'welcome');
  const { size } = yield* sys.fstat(fd);
  atomic_store_release(directory.motd, size);
  yield* sys.close(fd);
}

function* connect(directory: Directory): Generator<void, void, void> {
  while (atomic_load_acquire(directory.registered) === 0) yield* preempt();
  if (atomic_load_acquire(directory.motd) === 0) {
    throw new Error('two kernels: the server is there, but not its message');
  }
}

const expect = expectVerdict('program-error', /two kernels: the server is there, but not its/);

export default program({ components: [], expect }, function* main(_sys, context) {
  const directory = new Directory();
  const server = yield* context.boot({ name: 'server' });
  const client = yield* context.boot({ components: [], name: 'client' });
  const children = [
    server.spawn((sys) => serve(sys, directory), 'server'),
    client.spawn(() => connect(directory), 'client'),
  ];
  for (const child of children) yield* child.join();
});

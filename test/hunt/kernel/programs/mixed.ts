/**
 * A correct program that keeps three LWPs busy in one tmpfs, with descriptors, pipes, processes and
 * sysctl: what they do to each other is the kernel's to order.
 */

import {
  type MaySleep,
  O_CREAT,
  O_RDWR,
  program,
  pthread_create,
  pthread_join,
  type Sys,
  SysError,
  tmpfs,
} from 'rumpus';

/** Calls that another LWP can spoil: what they fail with is no matter here. */
function* tried(call: () => MaySleep<unknown>): Generator<void, void, void> {
  try {
    yield* call();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

function* files(sys: Sys): Generator<void, void, void> {
  const page = new Uint8Array(100).fill(7);
  const fd = yield* sys.open('/dir/shared', O_CREAT | O_RDWR, 0o644);
  yield* sys.pwrite(fd, page, 0);
  yield* sys.fstat(fd);
  yield* sys.pread(fd, page, 50);
  yield* sys.ftruncate(fd, 10);
  yield* sys.fsync(fd);
  yield* sys.close(fd);
  yield* tried(() => sys.unlink('/dir/shared'));
}

function* names(sys: Sys): Generator<void, void, void> {
  yield* tried(() => sys.mkdir('/dir/sub', 0o755));
  yield* tried(() => sys.rename('/dir/sub', '/dir/other'));
  yield* tried(() => sys.stat('/dir/other'));
  yield* tried(() => sys.symlink('sub', '/dir/link'));
  yield* tried(() => sys.chmod('/dir/other', 0o700));
  yield* tried(() => sys.link('/dir/shared', '/dir/other/name'));
  yield* tried(() => sys.unlink('/dir/link'));
  yield* tried(() => sys.unlink('/dir/other/name'));
  yield* tried(() => sys.rmdir('/dir/other'));
}

function* descriptors(sys: Sys): Generator<void, void, void> {
  const [from, to] = yield* sys.pipe();
  const byte = new Uint8Array(1);
  yield* sys.write(to, byte);
  yield* sys.read(from, byte);
  const copy = yield* sys.dup(to);
  const pid = yield* sys.rfork(0, function* child() {
    yield* tried(() => sys.mkdir('/dir/child', 0o755));
  });
  yield* sys.waitpid(pid);
  for (const fd of [copy, from, to]) yield* sys.close(fd);
}

export default program({ components: [tmpfs], ncpu: 2 }, function* main(sys) {
  yield* sys.mkdir('/dir', 0o755);
  const bodies = [files, names, descriptors, files, names];
  const started = [];
  for (const body of bodies) {
    started.push(yield* pthread_create(() => body(sys), undefined, body.name));
  }
  for (const t of started) yield* pthread_join(t);
});

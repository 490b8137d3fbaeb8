/** 300 LWPs asleep on one condition variable, among 20,000 objects, when the kernel panics. */

import {
  cv_init,
  cv_wait,
  type KCondvar,
  type KMutex,
  type MaySleep,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  panic,
  program,
  type Sys,
} from 'rumpus';

class Inode {
  readonly number: number;
  refs = 1;
  readonly parent: Inode | null;

  constructor(number: number, parent: Inode | null) {
    this.number = number;
    this.parent = parent;
  }
}

interface Shared {
  readonly lock: KMutex;
  readonly changed: KCondvar;
  readonly inodes: readonly Inode[];
}

function sleeper(arg: { shared: Shared; number: number }): MaySleep<unknown> {
  return waitForInode(arg.shared, arg.number);
}

function* waitForInode(shared: Shared, number: number): Generator<void, void, void> {
  const inode = shared.inodes[number];
  yield* mutex_enter(shared.lock);
  while (inode.refs > 0) yield* cv_wait(shared.changed, shared.lock);
  mutex_exit(shared.lock);
}

export default program({ components: [], ncpu: 1 }, function* main(sys: Sys) {
  const inodes: Inode[] = [];
  for (let i = 0; i < 20_000; i++) inodes.push(new Inode(i, inodes[i >> 1] ?? null));
  const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'inodes');
  const shared: Shared = { lock, changed: cv_init('inode'), inodes };
  for (let number = 0; number < 300; number++)
    yield* sys._lwp_create(sleeper, { shared, number }, 0);
  while (shared.changed.waiters.length < 300) yield* sys.sched_yield();
  panic('enough');
});

/** Several LWPs in one tree at once, under many schedules: what must hold afterwards. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../../kernel/kern/kern_lwp.ts';
import { rw_lock_held } from '../../../kernel/kern/kern_rwlock.ts';
import type { Lwp } from '../../../kernel/kern/lwp.ts';
import { SysError } from '../../../kernel/kern/syserror.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { O_CREAT, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { S_ISDIR } from '../../../kernel/vfs/stat.ts';
import { vfs_of } from '../../../kernel/vfs/vfs_init.ts';
import { curkernel, curlwp } from '../../../kernel/world/current.ts';
import { passes, type RunOptions } from '../harness.ts';
import { names } from './tree.ts';

type Body = (sys: Sys) => MaySleep<unknown>;

/** Runs each body on an LWP of its own. */
function* together(sys: Sys, bodies: readonly Body[]): Generator<void, void, void> {
  const l = curlwp();
  const others: Lwp[] = [];
  for (const body of bodies) {
    const other = lwp_create(l.proc, body, sys, `body ${others.length}`);
    others.push(other);
    lwp_start(other);
  }
  for (const other of others) yield* lwp_wait(l, other.lid);
}

/** Makes a call that may fail with some errnos, and no other. */
function* may(
  codes: readonly string[],
  call: () => MaySleep<unknown>,
): Generator<void, unknown, void> {
  try {
    return yield* call();
  } catch (error) {
    if (!(error instanceof SysError) || !codes.includes(error.code)) throw error;
    return undefined;
  }
}

/** The tree is a tree with the right link counts; nothing is locked, referenced or left over. */
function* intact(sys: Sys, at: string): Generator<void, void, void> {
  let directories = 0;
  for (const name of yield* names(sys, `${at}/`)) {
    const st = yield* sys.lstat(`${at}/${name}`);
    if (!S_ISDIR(st.mode)) continue;
    directories++;
    yield* intact(sys, `${at}/${name}`);
  }
  const self = yield* sys.lstat(`${at}/.`);
  expect([at, self.nlink]).toEqual([at, directories + 2]);
}

function quiet(): void {
  const vfs = vfs_of(curkernel());
  for (const mp of vfs.mountlist) {
    for (const vp of mp.vnodes.values()) {
      expect(rw_lock_held(vp.lock)).toBe(false);
      if (vp !== vfs.rootvnode) expect([vp.id, vp.usecount]).toEqual([vp.id, 0]);
    }
  }
}

const GONE = ['ENOENT', 'EEXIST', 'ENOTEMPTY'];

const schedules: RunOptions[] = [];
for (let seed = 1; seed <= 60; seed++) {
  const replay = seed % 10 === 0 ? 'compared' : 'left out';
  const ncpu = [1, 2, 4][seed % 3];
  const strategy = seed % 2 === 0 ? 'random' : 'pct';
  const grain = seed % 5 === 0 ? 'statement' : 'sync';
  schedules.push({ components: [tmpfs], seed, ncpu, strategy, grain, replay, preempt: ncpu === 1 });
}

function underSchedules(main: Body): void {
  for (const options of schedules) {
    try {
      passes(options, main);
    } catch (error) {
      throw new Error(`seed ${options.seed}, ${options.strategy}`, { cause: error });
    }
  }
}

function* makeAndRemove(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < 3; i++) {
    yield* may(GONE, () => sys.mkdir('/d', 0o755));
    yield* may(GONE, () => sys.mkdir('/d/e', 0o755));
    yield* may(GONE, () => sys.rmdir('/d/e'));
    yield* may(GONE, () => sys.rmdir('/d'));
  }
}

function* createAndUnlink(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < 3; i++) {
    const fd = yield* may(GONE, () => sys.open('/d/f', O_CREAT | O_RDWR, 0o644));
    if (typeof fd === 'number') yield* sys.close(fd);
    yield* may(GONE, () => sys.stat('/d/e/..'));
    yield* may(GONE, () => sys.unlink('/d/f'));
  }
}

test('mkdir, rmdir, create, unlink and lookups of the same names keep the tree', () => {
  underSchedules(function* (sys) {
    yield* together(sys, [makeAndRemove, createAndUnlink, makeAndRemove]);
    yield* intact(sys, '');
    quiet();
  });
});

function* mountAndUnmount(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < 2; i++) {
    yield* may(['EBUSY'], () => sys.mount('tmpfs', '/mnt', 0, {}));
    yield* may(['EBUSY', 'EINVAL', 'ENOENT'], () => sys.unmount('/mnt'));
  }
}

function* useMount(sys: Sys): Generator<void, void, void> {
  for (let i = 0; i < 3; i++) {
    const fd = yield* may(['ENOENT'], () => sys.open('/mnt/f', O_CREAT | O_RDWR, 0o644));
    if (typeof fd === 'number') {
      yield* sys.write(fd, 'x');
      yield* sys.close(fd);
    }
    yield* may(['ENOENT'], () => sys.stat('/mnt/../mnt/f'));
  }
}

test('a mount that comes and goes under lookups is either there or not', () => {
  underSchedules(function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    yield* together(sys, [mountAndUnmount, useMount, mountAndUnmount, useMount]);
    for (let left = 0; left < 4; left++) yield* may(['EINVAL'], () => sys.unmount('/mnt'));
    yield* intact(sys, '');
    quiet();
  });
});

test('vnodes are recycled under their users (RUMP_NVNODES)', () => {
  for (const options of schedules.slice(0, 30)) {
    passes({ ...options, nvnodes: 12 }, function* (sys) {
      const user = (from: number): Body =>
        function* (s) {
          for (let i = from; i < from + 12; i++) {
            yield* s.close(yield* s.open(`/f${i}`, O_CREAT | O_RDWR, 0o644));
            yield* may([], () => s.stat(`/f${from}`));
          }
        };
      yield* together(sys, [user(0), user(6), user(12)]);
      expect((yield* names(sys, '/')).length).toBe(25);
      expect(vfs_of(curkernel()).numvnodes).toBeLessThan(20);
      quiet();
    });
  }
});

/** Several LWPs on one mounted image, with blocks that take their time, fail, and are dropped. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { ffs } from '../../../kernel/fs/ffs/index.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../../kernel/kern/kern_lwp.ts';
import type { Lwp } from '../../../kernel/kern/lwp.ts';
import { SysError } from '../../../kernel/kern/syserror.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { O_RDONLY } from '../../../kernel/vfs/fcntl.ts';
import { MNT_RDONLY } from '../../../kernel/vfs/mount.ts';
import { bufcache_of } from '../../../kernel/vfs/vfs_bio.ts';
import { curkernel, curlwp } from '../../../kernel/world/current.ts';
import { passes, type RunOptions } from '../harness.ts';
import { bigBytes, readFile } from '../vfs/tree.ts';
import { disk, image } from './images.ts';

const bytes = image('tree-le');

function options(seed: number, more: RunOptions = {}): RunOptions {
  const strategy = seed % 2 === 0 ? 'random' : 'pct';
  const replay = seed % 8 === 0 ? 'compared' : 'left out';
  const ncpu = [1, 2, 4][seed % 3];
  return { components: [ffs], etfs: disk(bytes), seed, strategy, replay, ncpu, ...more };
}

function* together(
  sys: Sys,
  bodies: readonly ((sys: Sys) => MaySleep<unknown>)[],
): Generator<void, void, void> {
  const l = curlwp();
  const others: Lwp[] = [];
  for (const body of bodies) {
    const other = lwp_create(l.proc, body, sys, `body ${others.length}`);
    others.push(other);
    lwp_start(other);
  }
  for (const other of others) yield* lwp_wait(l, other.lid);
}

function* readBig(sys: Sys): Generator<void, void, void> {
  const fd = yield* sys.open('/mnt/big', O_RDONLY);
  const buf = new Uint8Array(2048);
  for (const offset of [60_000, 0, 49_000]) {
    expect(yield* sys.pread(fd, buf, offset)).toBe(2048);
    expect(buf).toEqual(bigBytes(offset, 2048));
  }
  yield* sys.close(fd);
}

function* readSmall(sys: Sys): Generator<void, void, void> {
  expect(yield* readFile(sys, '/mnt/dirlink/../dir/inner')).toBe('inner\n');
  expect(yield* readFile(sys, '/mnt/many/file-7')).toBe('7');
}

function* mount(sys: Sys): Generator<void, void, void> {
  yield* sys.mkdir('/mnt', 0o755);
  yield* sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk');
}

test('readers of the same blocks get them, with little memory for blocks and vnodes', () => {
  for (let seed = 1; seed <= 24; seed++) {
    passes(options(seed, { nvnodes: 16 }), function* (sys) {
      yield* mount(sys);
      bufcache_of(curkernel()).limitBytes = 16_384;
      yield* together(sys, [readBig, readSmall, readBig]);
      yield* sys.unmount('/mnt');
    });
  }
});

/** An errno of a failing device, or of an unmounted directory, is fine. */
function failing(body: (sys: Sys) => MaySleep<unknown>) {
  return function* (sys: Sys): Generator<void, void, void> {
    try {
      yield* body(sys);
    } catch (error) {
      const code = error instanceof SysError ? error.code : '';
      if (!['EIO', 'ENOENT', 'EBUSY', 'EINVAL', 'EBADF'].includes(code)) throw error;
    }
  };
}

test('an unmount by force, and blocks that fail, give errors and nothing worse', () => {
  for (let seed = 1; seed <= 24; seed++) {
    passes(options(seed, { blkfail: 500, blkfailSeed: seed }), function* (sys) {
      yield* failing(mount)(sys);
      const unmount = failing((s) => s.unmount('/mnt', 0x80000));
      yield* together(sys, [failing(readBig), failing(readSmall), unmount, failing(readBig)]);
    });
  }
});

import { expect, test } from 'vitest';
import { ffs } from '../../../kernel/fs/ffs/index.ts';
import { isErrno } from '../../../kernel/kern/errno.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../../kernel/kern/kern_lwp.ts';
import { preempt } from '../../../kernel/kern/kern_sleepq.ts';
import type { Lwp } from '../../../kernel/kern/lwp.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { FREAD, FWRITE } from '../../../kernel/kern/file.ts';
import { BC_BUSY } from '../../../kernel/vfs/buf.ts';
import { LOOKUP } from '../../../kernel/vfs/namei.ts';
import {
  bawrite,
  bdwrite,
  bread,
  brelse,
  bufcache_of,
  bwrite,
  incore,
} from '../../../kernel/vfs/vfs_bio.ts';
import { NDINIT } from '../../../kernel/vfs/vfs_lookup.ts';
import { vn_open } from '../../../kernel/vfs/vfs_open.ts';
import { vn_close } from '../../../kernel/vfs/vfs_vnops.ts';
import type { Vnode } from '../../../kernel/vfs/vnode.ts';
import { curkernel, curlwp } from '../../../kernel/world/current.ts';
import { passes, type RunOptions, run, verdicts } from '../harness.ts';

const SIZE = 512;

/** Runs `main` with a block device of 64 blocks open. */
function withDevice(main: (vp: Vnode) => MaySleep<unknown>) {
  return function* (): Generator<void, void, void> {
    const vp = yield* vn_open(NDINIT(LOOKUP, 0, '/dev/disk'), FREAD | FWRITE, 0);
    if (isErrno(vp)) throw new Error(vp.code);
    yield* main(vp);
    yield* vn_close(vp, FREAD | FWRITE, curlwp().proc.cred);
  };
}

function options(more: RunOptions = {}): RunOptions {
  return {
    components: [ffs],
    etfs: { '/dev/disk': { bytes: new Uint8Array(64 * SIZE) } },
    ...more,
  };
}

/** A block, which must be readable. */
function* block(vp: Vnode, blkno: number) {
  const bp = yield* bread(vp, blkno, SIZE);
  if (isErrno(bp)) throw new Error(bp.code);
  return bp;
}

test('bread gives the block once, busy; it stays in memory after brelse (buffercache(9))', () => {
  passes(
    options(),
    withDevice(function* (vp) {
      const bp = yield* block(vp, 3);
      expect(bp.cflags & BC_BUSY).toBe(BC_BUSY);
      bp.data[0] = 7;
      yield* brelse(bp, 0);
      expect(incore(vp, 3)).toBe(bp);
      const again = yield* block(vp, 3);
      expect(again).toBe(bp);
      yield* brelse(again, 0);
    }),
  );
});

test('bwrite, bawrite and bdwrite bring a block to the device, sooner or later (buffercache(9))', () => {
  const main = withDevice(function* (vp) {
    for (const [blkno, write] of [bwrite, bawrite, bdwrite].entries()) {
      const bp = yield* block(vp, blkno);
      bp.data.fill(blkno + 1);
      yield* write(bp);
    }
  });
  const { kernel } = passes(options(), main);
  const bytes = kernel.etfs!.units[0].bytes!;
  expect([bytes[0], bytes[SIZE], bytes[2 * SIZE]]).toEqual([1, 2, 3]);
});

test('reading at the end of a device is EIO, beyond it EINVAL of the block layer (rumpblk)', () => {
  passes(
    options(),
    withDevice(function* (vp) {
      const end = yield* bread(vp, 64, SIZE);
      const beyond = yield* bread(vp, 65, SIZE);
      expect([end, beyond].map((error) => isErrno(error) && error.code)).toEqual(['EIO', 'EINVAL']);
      expect(incore(vp, 65)).toBe(undefined);
    }),
  );
});

test('the cache keeps to its limit, and writes what it drops', () => {
  const main = withDevice(function* (vp) {
    bufcache_of(curkernel()).limitBytes = 8 * SIZE;
    for (let blkno = 0; blkno < 40; blkno++) {
      const bp = yield* block(vp, blkno);
      bp.data.fill(blkno);
      yield* bdwrite(bp);
    }
    expect(bufcache_of(curkernel()).bytes).toBeLessThanOrEqual(9 * SIZE);
    for (let blkno = 0; blkno < 40; blkno++) {
      const bp = yield* block(vp, blkno);
      expect(bp.data[SIZE - 1]).toBe(blkno);
      yield* brelse(bp, 0);
    }
  });
  passes(options(), main);
});

/** Adds one to a byte of a block, with others between reading and writing. */
function* increment(vp: Vnode): Generator<void, void, void> {
  const bp = yield* block(vp, 0);
  const value = bp.data[0];
  yield* preempt();
  bp.data[0] = value + 1;
  yield* bdwrite(bp);
}

/** The same by somebody who does not wait until the block is free. */
function* incrementWithoutBusy(vp: Vnode): Generator<void, void, void> {
  const bp = incore(vp, 0)!;
  const value = bp.data[0];
  yield* preempt();
  bp.data[0] = value + 1;
}

/** Three LWPs add one each; the sum must be three. */
function adders(adder: (vp: Vnode) => MaySleep<void>) {
  return withDevice(function* (vp) {
    const first = yield* block(vp, 0);
    yield* brelse(first, 0);
    const l = curlwp();
    const all: Lwp[] = [];
    for (let i = 0; i < 3; i++) {
      const other = lwp_create(l.proc, adder, vp, `adder ${i}`);
      all.push(other);
      lwp_start(other);
    }
    for (const other of all) yield* lwp_wait(l, other.lid);
    const bp = yield* block(vp, 0);
    const sum = bp.data[0];
    yield* brelse(bp, 0);
    if (sum !== 3) throw new Error(`the sum is ${sum}`);
  });
}

test.each(['random', 'pct'] as const)(
  "a busy buffer is its owner's alone, under %s",
  (strategy) => {
    for (const ncpu of [1, 2, 4]) {
      const counts = verdicts({ ...options({ strategy, ncpu }), schedules: 40 }, adders(increment));
      expect(counts).toEqual({ passed: 40 });
    }
  },
);

test('the buggy twin, which does not wait for a busy buffer, loses updates', () => {
  const counts = verdicts({ ...options({ ncpu: 2 }), schedules: 60 }, adders(incrementWithoutBusy));
  expect(counts['program-error'] ?? 0).toBeGreaterThan(5);
});

test('every statement may be interrupted between the test and the sleep of biowait', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const more = { seed, grain: 'statement', ncpu: 2, replay: 'left out' } as const;
    expect(run(options(more), adders(increment)).outcome.verdict).toBe('passed');
  }
});

/** System calls against their manual pages: what the contract of file systems leaves out. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { fails } from '../../../kernel/fails.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { MNT_FORCE, MNT_RDONLY, MNT_UPDATE } from '../../../kernel/vfs/mount.ts';
import { O_CREAT, O_RDONLY, O_RDWR, O_WRONLY } from '../../../kernel/vfs/fcntl.ts';
import { fd_getfile, fd_putfile } from '../../../kernel/kern/kern_descrip.ts';
import { kmem_of } from '../../../kernel/kern/subr_kmem.ts';
import { vref } from '../../../kernel/vfs/vfs_vnode.ts';
import { vfs_of } from '../../../kernel/vfs/vfs_init.ts';
import { curkernel } from '../../../kernel/world/current.ts';
import { passes, run } from '../harness.ts';

const components = [tmpfs];

function* codeOf(call: () => MaySleep<unknown>): Generator<void, string, void> {
  return (yield* fails(call)).code;
}

function claim(name: string, body: (sys: Sys) => MaySleep<unknown>): void {
  test(name, () => {
    passes({ components }, function* (sys) {
      yield* body(sys);
    });
  });
}

claim('chown(2) clears set-id bits, of the superuser as well', function* (sys) {
  yield* sys.close(yield* sys.open('/f', O_CREAT | O_RDWR, 0o755));
  const mode = function* () {
    return (yield* sys.stat('/f')).mode & 0o7777;
  };
  yield* sys.chmod('/f', 0o6755);
  yield* sys.chown('/f', 5, -1);
  expect(yield* mode()).toBe(0o2755);
  yield* sys.chmod('/f', 0o6755);
  yield* sys.chown('/f', -1, 5);
  expect(yield* mode()).toBe(0o4755);
  yield* sys.chmod('/f', 0o6755);
  yield* sys.chown('/f', -1, -1);
  expect(yield* mode()).toBe(0o6755);
  yield* sys.lchown('/f', 7, 7);
  expect(yield* mode()).toBe(0o755);
});

claim('chmod(2): a sticky file is EFTYPE for others than the superuser', function* (sys) {
  yield* sys.close(yield* sys.open('/f', O_CREAT | O_RDWR, 0o644));
  yield* sys.chmod('/f', 0o1644);
  yield* sys.chown('/f', 9, 9);
  yield* sys.setuid(9);
  expect(yield* codeOf(() => sys.chmod('/f', 0o1600))).toBe('EFTYPE');
});

claim(
  'an offset that is no whole number that can be is EINVAL (pread(2), lseek(2))',
  function* (sys) {
    const fd = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
    yield* sys.write(fd, 'abc');
    const buf = new Uint8Array(2);
    for (const offset of [NaN, 0.5, -1, Infinity, 2 ** 60]) {
      expect(yield* codeOf(() => sys.pread(fd, buf, offset))).toBe('EINVAL');
      expect(yield* codeOf(() => sys.pwrite(fd, buf, offset))).toBe('EINVAL');
      const code = yield* codeOf(() => sys.lseek(fd, offset, 0));
      expect(['EINVAL', 'EOVERFLOW']).toContain(code);
    }
    expect(yield* sys.lseek(fd, 0, 1)).toBe(3);
    expect(yield* codeOf(() => sys.lseek(fd, 0, 9))).toBe('EINVAL');
  },
);

claim('utimens(2) takes finite times only', function* (sys) {
  yield* sys.close(yield* sys.open('/f', O_CREAT | O_RDWR, 0o644));
  expect(yield* codeOf(() => sys.utimens('/f', [Infinity, 0]))).toBe('EINVAL');
  expect(yield* codeOf(() => sys.utimens('/f', [0, NaN]))).toBe('EINVAL');
});

claim('truncate(2): EFBIG beyond the largest file, EINVAL for what is no length', function* (sys) {
  const fd = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
  expect(yield* codeOf(() => sys.truncate('/f', 2 ** 50))).toBe('EFBIG');
  expect(yield* codeOf(() => sys.ftruncate(fd, Infinity))).toBe('EFBIG');
  expect(yield* codeOf(() => sys.ftruncate(fd, NaN))).toBe('EINVAL');
  expect(yield* codeOf(() => sys.pwrite(fd, 'x', 2 ** 50))).toBe('EFBIG');
  yield* sys.mkdir('/d', 0o755);
  expect(yield* codeOf(() => sys.truncate('/d', 0))).toBe('EISDIR');
});

claim('readv(2) of strings is the mistake of the program', function* (sys) {
  const fd = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, 'abc');
  const readv = (): MaySleep<unknown> => sys.readv(fd, ['abc'] as unknown as Uint8Array[]);
  let thrown: unknown;
  try {
    yield* sys.lseek(fd, 0, 0);
    yield* readv();
  } catch (error) {
    thrown = error;
  }
  expect(String(thrown)).toMatch(/sys.readv\(\): argument 2 must be an array of Uint8Arrays/);
});

claim('sysctl(3) of something that is no name is the mistake of the program', function* (sys) {
  let thrown: unknown;
  try {
    yield* sys.sysctl(5 as unknown as string);
  } catch (error) {
    thrown = error;
  }
  expect(String(thrown)).toMatch(/sys.sysctl\(\)/);
});

claim('kern.maxvnodes limits the vnodes from then on (sysctl(7))', function* (sys) {
  for (let i = 0; i < 60; i++) yield* sys.mkdir(`/d${i}`, 0o755);
  expect(vfs_of(curkernel()).numvnodes).toBeGreaterThan(50);
  expect(yield* sys.sysctl('kern.maxvnodes', 20)).toBe(1024);
  expect(yield* codeOf(() => sys.sysctl('kern.maxvnodes', -1))).toBe('EINVAL');
  expect(yield* sys.sysctl('kern.maxvnodes')).toBe(20);
  yield* sys.mkdir('/more', 0o755);
  expect(vfs_of(curkernel()).numvnodes).toBeLessThanOrEqual(20);
});

claim('what was open on a mount is dead after a forced unmount (unmount(2))', function* (sys) {
  yield* sys.mkdir('/m', 0o755);
  yield* sys.mount('tmpfs', '/m');
  const fd = yield* sys.open('/m/f', O_CREAT | O_RDWR, 0o644);
  yield* sys.chdir('/m');
  expect(yield* codeOf(() => sys.unmount('/m'))).toBe('EBUSY');
  yield* sys.unmount('/m', MNT_FORCE);
  expect(yield* codeOf(() => sys.fstatvfs(fd))).toBe('EIO');
  expect(yield* codeOf(() => sys.write(fd, 'x'))).toBe('EIO');
  expect(yield* codeOf(() => sys.fstat(fd))).toBe('EBADF');
  expect(yield* codeOf(() => sys.stat('..'))).toBe('EBADF');
});

claim('a mount with open writers is not made read-only: EBUSY (mount(2))', function* (sys) {
  yield* sys.mkdir('/m', 0o755);
  yield* sys.mount('tmpfs', '/m');
  const fd = yield* sys.open('/m/f', O_CREAT | O_WRONLY, 0o644);
  const update = () => sys.mount('tmpfs', '/m', MNT_UPDATE | MNT_RDONLY);
  expect(yield* codeOf(update)).toBe('EBUSY');
  yield* sys.write(fd, 'x');
  yield* sys.close(fd);
  yield* update();
  expect(yield* codeOf(() => sys.open('/m/f', O_WRONLY))).toBe('EROFS');
  expect(yield* codeOf(() => sys.access('/m/f', 2))).toBe('EROFS');
  yield* sys.unmount('/m');
});

claim('getdents(2) into less than an entry, or no size at all, is EINVAL', function* (sys) {
  const fd = yield* sys.open('/', O_RDONLY);
  for (const bytes of [0, 8, -1, NaN]) {
    expect(yield* codeOf(() => sys.getdents(fd, bytes))).toBe('EINVAL');
  }
  expect((yield* sys.getdents(fd)).map((entry) => entry.name)).toEqual(['.', '..', 'dev']);
  expect(yield* sys.getdents(fd, 8)).toEqual([]);
});

claim('setuid(2) to what it is changes nothing (issetugid(2))', function* (sys) {
  yield* sys.setuid(0);
  expect(yield* sys.issetugid()).toBe(0);
  yield* sys.seteuid(3);
  expect(yield* sys.issetugid()).toBe(1);
});

claim('a sleep that ends has nothing left; wait4 takes known options', function* (sys) {
  const remaining = { timeNs: 5 };
  yield* sys.nanosleep(1000, remaining);
  expect(remaining.timeNs).toBe(0);
  expect(yield* codeOf(() => sys.wait4(-1, 0x8000))).toBe('EINVAL');
});

claim('fdatasync(2) asks for a descriptor that may write', function* (sys) {
  yield* sys.close(yield* sys.open('/f', O_CREAT | O_RDWR, 0o644));
  const fd = yield* sys.open('/f', O_RDONLY);
  yield* sys.fsync(fd);
  expect(yield* codeOf(() => sys.fdatasync(fd))).toBe('EBADF');
});

test('a vnode that somebody still uses at halt is a leak', () => {
  const { outcome } = run({ components }, function* (sys) {
    yield* sys.mkdir('/d', 0o755);
    vref(vfs_of(curkernel()).rootvnode!);
  });
  expect(outcome.verdict).toBe('leak');
  expect(outcome.message).toMatch(
    /vnodes still in use: vnode 1 \(VDIR\) of tmpfs on \/, 1 reference$/,
  );
});

test('an open file that nobody closes is a leak', () => {
  const { outcome } = run({ components }, function* (sys) {
    const fd = yield* sys.open('/', O_RDONLY);
    const fp = yield* fd_getfile(fd);
    fp!.count++;
    yield* fd_putfile(fd);
  });
  expect(outcome.verdict).toBe('leak');
});

test('the files of all mounts share the memory of the kernel: ENOSPC (RUMP_MEMLIMIT)', () => {
  const ran = passes({ components, memlimitBytes: 1 << 20 }, function* (sys) {
    const kmem = kmem_of(curkernel());
    yield* sys.mkdir('/m', 0o755);
    const before = kmem.usedBytes;
    yield* sys.mount('tmpfs', '/m');
    const big = new Uint8Array(600 * 1024);
    const there = yield* sys.open('/m/f', O_CREAT | O_RDWR, 0o644);
    const here = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
    yield* sys.write(there, big);
    const held = kmem.usedBytes;
    expect(yield* codeOf(() => sys.write(here, big))).toBe('ENOSPC');
    expect(kmem.usedBytes).toBe(held);
    yield* sys.ftruncate(there, 0);
    yield* sys.write(here, big);
    yield* sys.close(there);
    yield* sys.ftruncate(here, 0);
    yield* sys.unlink('/f');
    yield* sys.close(here);
    yield* sys.unmount('/m');
    expect(kmem.usedBytes).toBe(before);
  });
  expect(kmem_of(ran.kernel).usedBytes).toBe(0);
});

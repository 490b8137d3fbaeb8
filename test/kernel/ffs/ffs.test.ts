import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { fails } from '../../../kernel/fails.ts';
import { ffs, type Fs, ffs_trysuperblock, ffsComponent } from '../../../kernel/fs/ffs/index.ts';
import { EINVAL, type Errno } from '../../../kernel/kern/errno.ts';
import { O_CREAT, O_RDONLY, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { MNT_RDONLY } from '../../../kernel/vfs/mount.ts';
import type { Vnode } from '../../../kernel/vfs/vnode.ts';
import { curkernel } from '../../../kernel/world/current.ts';
import { passes } from '../harness.ts';
import { names, readFile } from '../vfs/tree.ts';
import { disk, image, withImage } from './images.ts';
import { deepFile, oldDirectories } from './patch.ts';

test('a file system whose device ends before some superblock candidates is mounted (kern/43573)', () => {
  withImage(image('small-48k'), function* (sys) {
    expect(yield* readFile(sys, '/mnt/hello')).toBe('hello, world\n');
    expect(yield* names(sys, '/mnt')).toEqual(['hello']);
  });
});

/** What mount did: it gave up at the first candidate that could not be read. */
function* oldFindSuperblock(devvp: Vnode): Generator<void, Fs | Errno, void> {
  for (const location of [65536, 8192, 0, 262144]) {
    const fs = yield* ffs_trysuperblock(devvp, location);
    if (fs !== undefined) return fs;
  }
  return EINVAL;
}

test('the old search answers EINVAL, made in the block layer (kern/43573)', () => {
  const component = ffsComponent({ findSuperblock: oldFindSuperblock });
  passes({ components: [component], etfs: disk(image('small-48k')) }, function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    const error = yield* fails(() => sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk'));
    expect(error.code).toBe('EINVAL');
    const origin = JSON.stringify(error.origin);
    if (process.env['RUMPUS_PLAIN'] !== '1') expect(origin).toContain('rumpblk');
  });
});

test('mount refuses what cannot be mounted (mount(2))', () => {
  const etfs = { ...disk(image('tree-le')), '/dev/noise': { bytes: new Uint8Array(100_000) } };
  passes({ components: [ffs], etfs }, function* (sys) {
    const mount = (type: string, at: string, flags: number, data: unknown) => () =>
      sys.mount(type, at, flags, data);
    const code = function* (call: () => ReturnType<Sys['mount']>) {
      return (yield* fails(call)).code;
    };
    yield* sys.mkdir('/mnt', 0o755);
    yield* sys.mkdir('/mnt2', 0o755);
    expect(yield* code(mount('ffs', '/mnt', 0, '/dev/disk'))).toBe('EROFS');
    expect(yield* code(mount('ffs', '/mnt', MNT_RDONLY, '/dev/null'))).toBe('ENOTBLK');
    expect(yield* code(mount('ffs', '/mnt', MNT_RDONLY, '/dev/nowhere'))).toBe('ENOENT');
    expect(yield* code(mount('ffs', '/mnt', MNT_RDONLY, '/dev/noise'))).toBe('EINVAL');
    expect(yield* code(mount('ffs', '/mnt', MNT_RDONLY, 7))).toBe('EINVAL');
    expect(yield* code(mount('nofs', '/mnt', MNT_RDONLY, '/dev/disk'))).toBe('ENODEV');
    expect(yield* code(mount('ffs', '/dev/disk', MNT_RDONLY, '/dev/disk'))).toBe('ENOTDIR');
    yield* sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk');
    expect(yield* code(mount('ffs', '/mnt2', MNT_RDONLY, '/dev/disk'))).toBe('EBUSY');
    expect(yield* code(mount('tmpfs', '/', 0, undefined))).toBe('EBUSY');
    yield* sys.unmount('/mnt');
    yield* sys.mount('ffs', '/mnt2', MNT_RDONLY, { fspec: '/dev/disk' });
  });
});

test('whatever would change a read-only file system is EROFS (mount(2), MNT_RDONLY)', () => {
  withImage(image('tree-le'), function* (sys) {
    const calls = [
      () => sys.open('/mnt/hello', O_RDWR),
      () => sys.open('/mnt/new', O_CREAT | O_RDWR, 0o600),
      () => sys.mkdir('/mnt/new', 0o700),
      () => sys.symlink('x', '/mnt/new'),
      () => sys.mkfifo('/mnt/new', 0o600),
      () => sys.link('/mnt/hello', '/mnt/new'),
      () => sys.unlink('/mnt/hello'),
      () => sys.rmdir('/mnt/dir/sub'),
      () => sys.rename('/mnt/hello', '/mnt/new'),
      () => sys.chmod('/mnt/hello', 0o600),
      () => sys.chown('/mnt/hello', 1, 1),
      () => sys.utimens('/mnt/hello'),
      () => sys.truncate('/mnt/hello', 0),
      () => sys.access('/mnt/hello', 2),
    ];
    for (const call of calls) expect((yield* fails(call)).code).toBe('EROFS');
    yield* sys.open('/mnt/hello', O_CREAT | O_RDONLY, 0o600);
  });
});

test('statvfs tells what makefs wrote (statvfs(2))', () => {
  withImage(image('tree-be'), function* (sys) {
    const st = yield* sys.statvfs('/mnt');
    expect([st.fstypename, st.mntonname, st.mntfromname]).toEqual(['ffs', '/mnt', '/dev/disk']);
    expect([st.bsize, st.frsize, st.files]).toEqual([4096, 512, 158]);
    expect(st.ffree).toBe(45);
    expect(st.blocks).toBeLessThan(216 * 2);
    expect(st.flag & MNT_RDONLY).toBe(MNT_RDONLY);
  });
});

test.each(['little', 'big'] as const)(
  'double and triple indirect blocks, and holes between (%s)',
  (order) => {
    const { bytes, offsets, size } = deepFile(
      image(order === 'little' ? 'tree-le' : 'tree-be'),
      order,
    );
    withImage(bytes, function* (sys) {
      const fd = yield* sys.open('/mnt/big', O_RDONLY);
      expect((yield* sys.fstat(fd)).size).toBe(size);
      const buf = new Uint8Array(16);
      for (const { offset, text } of offsets) {
        expect(yield* sys.pread(fd, buf, offset)).toBe(16);
        expect(new TextDecoder().decode(buf.subarray(0, text.length))).toBe(text);
        yield* sys.pread(fd, buf, offset - 4096);
        expect(buf.every((byte) => byte === 0)).toBe(true);
      }
    });
  },
);

test.each(['little', 'big'] as const)('directories of the format before 4.4BSD (%s)', (order) => {
  const bytes = oldDirectories(image('small-48k'), 'little');
  if (order === 'little') {
    withImage(bytes, function* (sys) {
      expect(yield* names(sys, '/mnt')).toEqual(['hello']);
      expect(yield* readFile(sys, '/mnt/hello')).toBe('hello, world\n');
    });
    return;
  }
  withImage(oldDirectories(image('tree-be'), 'big'), function* (sys) {
    expect(yield* names(sys, '/mnt/dir')).toEqual(['inner', 'sub']);
    expect((yield* names(sys, '/mnt/many')).length).toBe(100);
  });
});

test('a mounted file system is busy while a file of it is open (unmount(2))', () => {
  withImage(image('tree-le'), function* (sys) {
    const fd = yield* sys.open('/mnt/dir/inner', O_RDONLY);
    expect((yield* fails(() => sys.unmount('/mnt'))).code).toBe('EBUSY');
    yield* sys.close(fd);
    yield* sys.chdir('/mnt/dir');
    expect((yield* fails(() => sys.unmount('/mnt'))).code).toBe('EBUSY');
    yield* sys.chdir('/');
    expect((yield* fails(() => sys.unmount('/mnt/dir'))).code).toBe('EINVAL');
    yield* sys.unmount('/mnt');
    expect(yield* names(sys, '/mnt')).toEqual([]);
  });
});

test('a failed block is EIO, and reads again when that is over (RUMP_BLKFAIL)', () => {
  const codes: string[] = [];
  const options = {
    blkfail: 3000,
    blkfailSeed: 5,
    components: [ffs],
    etfs: disk(image('tree-le')),
  };
  const ran = passes(options, function* (sys) {
    for (let tries = 0; tries < 50; tries++) {
      try {
        if (tries === 0) yield* sys.mkdir('/mnt', 0o755);
        yield* sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk');
        break;
      } catch (error) {
        codes.push((error as { code: string }).code);
      }
    }
    for (let tries = 0; tries < 50; tries++) {
      try {
        expect(yield* readFile(sys, '/mnt/hello')).toBe('hello, world\n');
        return;
      } catch (error) {
        codes.push((error as { code: string }).code);
      }
    }
    throw new Error('never read');
  });
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.every((code) => code === 'EIO' || code === 'EINVAL')).toBe(true);
  expect(ran.kernel.dmesg.some((line) => line.includes('fault injection'))).toBe(true);
});

test('without kernel threads blocks are read at once (RUMP_THREADS=0)', () => {
  withImage(
    image('tree-le'),
    function* (sys) {
      expect(yield* readFile(sys, '/mnt/dirlink/inner')).toBe('inner\n');
      expect(curkernel().world.lwps.some((l) => l?.name.startsWith('softbio'))).toBe(false);
    },
    { threads: false },
  );
});

test('a block device reads as a file, up to its end (specfs)', () => {
  const bytes = image('small-48k');
  passes({ components: [ffs], etfs: disk(bytes) }, function* (sys) {
    const fd = yield* sys.open('/dev/disk', O_RDWR);
    const buf = new Uint8Array(3000);
    expect(yield* sys.pread(fd, buf, 8000)).toBe(3000);
    expect(buf).toEqual(bytes.slice(8000, 11_000));
    expect(yield* sys.pread(fd, buf, bytes.length - 10)).toBe(10);
    expect(yield* sys.pread(fd, buf, bytes.length)).toBe(0);
    expect(yield* sys.pwrite(fd, 'changed', 100)).toBe(7);
    yield* sys.pread(fd, buf, 100);
    expect(new TextDecoder().decode(buf.subarray(0, 7))).toBe('changed');
  });
});

test('few vnodes are enough for many files (RUMP_NVNODES)', () => {
  const ran = withImage(
    image('tree-le'),
    function* (sys) {
      for (let i = 0; i < 100; i++) {
        expect(yield* readFile(sys, `/mnt/many/file-${i}`)).toBe(`${i}`);
      }
      expect(curkernel().vfs!.numvnodes).toBeLessThanOrEqual(20);
    },
    { nvnodes: 20 },
  );
  expect(ran.outcome.verdict).toBe('passed');
});

import { expect, test } from 'vitest';
import { fails } from '../../../kernel/fails.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { rw_lock_held } from '../../../kernel/kern/kern_rwlock.ts';
import { O_CREAT, O_RDONLY, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import {
  CREATE,
  DELETE,
  FOLLOW,
  LOCKLEAF,
  LOCKPARENT,
  LOOKUP,
  MAXSYMLINKS,
} from '../../../kernel/vfs/namei.ts';
import { vfs_of } from '../../../kernel/vfs/vfs_init.ts';
import { NDINIT, namei } from '../../../kernel/vfs/vfs_lookup.ts';
import { vput, vrele } from '../../../kernel/vfs/vfs_vnode.ts';
import { curkernel, curlwp } from '../../../kernel/world/current.ts';
import { passes } from '../harness.ts';
import { names, readFile, writeFile } from './tree.ts';

const components = [tmpfs];

/** Vnodes with users, by id; two of the same program must be equal when nothing leaks. */
function users(): [number, number][] {
  const vfs = vfs_of(curkernel());
  const all = vfs.mountlist.flatMap((mp) => [...mp.vnodes.values()]);
  return all.filter((vp) => vp.usecount > 0).map((vp) => [vp.id, vp.usecount]);
}

/** No vnode of the kernel is locked. */
function nothingLocked(): void {
  for (const mp of vfs_of(curkernel()).mountlist) {
    for (const vp of mp.vnodes.values()) expect(rw_lock_held(vp.lock)).toBe(false);
  }
}

test('namei locks what it is asked to: LOCKPARENT, LOCKLEAF (namei(9))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/a', 0o755);
    yield* writeFile(sys, '/a/f', 'x');
    const before = users();
    const both = NDINIT(DELETE, LOCKPARENT | LOCKLEAF, '/a/f');
    expect(yield* namei(both)).toBe(undefined);
    expect([both.dvp?.lock.owner, both.vp?.lock.owner]).toEqual([curlwp(), curlwp()]);
    yield* vput(both.vp!);
    yield* vput(both.dvp!);
    const leaf = NDINIT(LOOKUP, FOLLOW, '/a/f');
    expect(yield* namei(leaf)).toBe(undefined);
    expect([leaf.dvp, leaf.vp && rw_lock_held(leaf.vp.lock)]).toEqual([null, false]);
    yield* vrele(leaf.vp!);
    const fresh = NDINIT(CREATE, LOCKPARENT, '/a/new');
    expect(yield* namei(fresh)).toBe(undefined);
    expect([fresh.vp, fresh.dvp?.lock.owner]).toEqual([null, curlwp()]);
    yield* vput(fresh.dvp!);
    expect(users()).toEqual(before);
    nothingLocked();
  });
});

test("a path that ends in '.' gives one vnode, locked once and referenced twice (namei(9))", () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/a', 0o755);
    const before = users();
    const nd = NDINIT(DELETE, LOCKPARENT | LOCKLEAF, '/a/.');
    expect(yield* namei(nd)).toBe(undefined);
    expect(nd.vp).toBe(nd.dvp);
    yield* vrele(nd.vp!);
    yield* vput(nd.dvp!);
    const up = NDINIT(LOOKUP, LOCKPARENT | LOCKLEAF, '/a/..');
    expect(yield* namei(up)).toBe(undefined);
    expect(up.vp).toBe(vfs_of(curkernel()).rootvnode);
    yield* vput(up.dvp!);
    yield* vput(up.vp!);
    expect(users()).toEqual(before);
    nothingLocked();
  });
});

test('whatever fails on the way, nothing stays locked or referenced (namei(9))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/a', 0o755);
    yield* sys.mkdir('/a/b', 0o755);
    yield* writeFile(sys, '/a/f', 'x');
    yield* sys.symlink('/nowhere', '/a/dangling');
    yield* sys.symlink('loop', '/a/loop');
    const before = users();
    const paths = [
      '/x',
      '/a/x',
      '/a/f/x',
      '/a/f/..',
      '/a/f/',
      '/a/dangling',
      '/a/loop',
      '/a/loop/x',
    ];
    const more = ['', '/a/b/../x/y', '/a/b/../../x', `/a/${'y'.repeat(256)}`, '/a/./f/.'];
    for (const path of [...paths, ...more]) {
      for (const flags of [FOLLOW, FOLLOW | LOCKLEAF, FOLLOW | LOCKLEAF | LOCKPARENT]) {
        const nd = NDINIT(LOOKUP, flags, path);
        expect([path, yield* namei(nd)]).not.toEqual([path, undefined]);
        expect([nd.vp, nd.dvp]).toEqual([null, null]);
      }
    }
    expect(users()).toEqual(before);
    nothingLocked();
  });
});

test(`${MAXSYMLINKS} symbolic links are followed, one more is ELOOP (symlink(7))`, () => {
  passes({ components }, function* (sys) {
    yield* writeFile(sys, '/link0', 'end');
    for (let i = 1; i <= MAXSYMLINKS + 1; i++) yield* sys.symlink(`link${i - 1}`, `/link${i}`);
    expect(yield* readFile(sys, `/link${MAXSYMLINKS}`)).toBe('end');
    expect((yield* fails(() => sys.stat(`/link${MAXSYMLINKS + 1}`))).code).toBe('ELOOP');
  });
});

test('a lookup crosses mounts both ways (namei(9))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    yield* writeFile(sys, '/mnt/covered', 'x');
    yield* writeFile(sys, '/top', 'top');
    const under = yield* sys.stat('/mnt');
    yield* sys.mount('tmpfs', '/mnt', 0, {});
    const over = yield* sys.stat('/mnt');
    expect(over.dev).not.toBe(under.dev);
    yield* sys.mkdir('/mnt/dir', 0o755);
    yield* writeFile(sys, '/mnt/dir/f', 'inside');
    expect(yield* names(sys, '/mnt')).toEqual(['dir']);
    expect(yield* readFile(sys, '/mnt/dir/../../mnt/dir/f')).toBe('inside');
    expect(yield* readFile(sys, '/mnt/../top')).toBe('top');
    yield* sys.chdir('/mnt/dir');
    expect(yield* readFile(sys, '../../top')).toBe('top');
    expect((yield* fails(() => sys.rename('/mnt/dir/f', '/f'))).code).toBe('EXDEV');
    expect((yield* fails(() => sys.link('/mnt/dir/f', '/f'))).code).toBe('EXDEV');
    expect((yield* fails(() => sys.rmdir('/mnt'))).code).toBe('EBUSY');
    expect((yield* fails(() => sys.rename('/mnt', '/other'))).code).toBe('EBUSY');
    yield* sys.chdir('/');
    yield* sys.unmount('/mnt');
    expect(yield* names(sys, '/mnt')).toEqual(['covered']);
  });
});

test('mounts cover mounts, and are taken off one by one (mount(2))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    for (const name of ['one', 'two']) {
      yield* sys.mount('tmpfs', '/mnt', 0, {});
      yield* writeFile(sys, `/mnt/${name}`, name);
    }
    expect(yield* names(sys, '/mnt')).toEqual(['two']);
    const all = yield* sys.getvfsstat();
    expect(all.map((st) => st.mntonname)).toEqual(['/', '/mnt', '/mnt']);
    yield* sys.unmount('/mnt');
    expect(yield* names(sys, '/mnt')).toEqual(['one']);
    yield* sys.unmount('/mnt');
    expect((yield* fails(() => sys.unmount('/mnt'))).code).toBe('EINVAL');
    expect((yield* fails(() => sys.unmount('/'))).code).toBe('EINVAL');
  });
});

test('chroot(2) makes a directory the root of all paths', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/jail', 0o755);
    yield* writeFile(sys, '/jail/f', 'jailed');
    yield* writeFile(sys, '/f', 'free');
    yield* sys.symlink('/f', '/jail/link');
    yield* sys.chroot('/jail');
    expect(yield* readFile(sys, '/f')).toBe('jailed');
    expect(yield* readFile(sys, '/../../f')).toBe('jailed');
    expect(yield* readFile(sys, '/link')).toBe('jailed');
  });
});

test('a forced unmount takes open files away: EIO, and new lookups find the directory below', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    yield* sys.mount('tmpfs', '/mnt', 0, {});
    const fd = yield* sys.open('/mnt/f', O_CREAT | O_RDWR, 0o644);
    yield* sys.write(fd, 'x');
    expect((yield* fails(() => sys.unmount('/mnt'))).code).toBe('EBUSY');
    yield* sys.unmount('/mnt', 0x80000);
    expect((yield* fails(() => sys.pread(fd, new Uint8Array(1), 0))).code).toBe('EIO');
    expect((yield* fails(() => sys.fstat(fd))).code).toBe('EBADF');
    yield* sys.close(fd);
    expect((yield* fails(() => sys.open('/mnt/f', O_RDONLY))).code).toBe('ENOENT');
  });
});

test('a mount can be made read-only and back (MNT_UPDATE of mount(2))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    yield* sys.mount('tmpfs', '/mnt', 0, {});
    yield* writeFile(sys, '/mnt/f', 'x');
    yield* sys.mount('tmpfs', '/mnt', 0x10001, {});
    expect((yield* fails(() => sys.open('/mnt/f', O_RDWR))).code).toBe('EROFS');
    expect((yield* fails(() => sys.unlink('/mnt/f'))).code).toBe('EROFS');
    expect((yield* fails(() => sys.chmod('/mnt/f', 0o600))).code).toBe('EROFS');
    yield* sys.mount('tmpfs', '/mnt', 0x10000, {});
    yield* sys.unlink('/mnt/f');
  });
});

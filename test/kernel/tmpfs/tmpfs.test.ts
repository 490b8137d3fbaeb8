/** What is tmpfs's own, beyond the contract of file systems: limits, cookies, holes, devices. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { fails } from '../../../kernel/fails.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import {
  LINK_MAX,
  PAGE_SIZE,
  TMPFS_MAXFILESIZE,
  type TmpfsMount,
} from '../../../kernel/fs/tmpfs/tmpfs.ts';
import { CRED0 } from '../../../kernel/kern/proc.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { O_CREAT, O_RDONLY, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { MNT_NOATIME, MNT_RDONLY, MNT_UPDATE } from '../../../kernel/vfs/mount.ts';
import { FOLLOW, LOCKLEAF, LOOKUP } from '../../../kernel/vfs/namei.ts';
import { APPEND, IMMUTABLE, S_IFBLK, S_IFCHR, S_IFMT } from '../../../kernel/vfs/stat.ts';
import { vfs_of } from '../../../kernel/vfs/vfs_init.ts';
import { NDINIT, namei } from '../../../kernel/vfs/vfs_lookup.ts';
import { vput } from '../../../kernel/vfs/vfs_vnode.ts';
import { VAttr } from '../../../kernel/vfs/vnode.ts';
import { VOP_SETATTR } from '../../../kernel/vfs/vnode_if.ts';
import { curkernel } from '../../../kernel/world/current.ts';
import { passes } from '../harness.ts';
import { become, names, readFile, writeFile } from '../vfs/tree.ts';
import { fsck } from './fsck.ts';

type Body = (sys: Sys) => Generator<void, unknown, void>;

/** A claim about a fresh tmpfs; in the end its counts must be right. */
function claim(name: string, body: Body): void {
  test(name, () => {
    passes({ components: [tmpfs], ncpu: 1 }, function* main(sys) {
      yield* body(sys);
      expect(fsck()).toEqual([]);
    });
  });
}

function* code(call: () => MaySleep<unknown>): Generator<void, string, void> {
  return (yield* fails(call)).code;
}

function rootMount(): TmpfsMount {
  return vfs_of(curkernel()).mountlist[0].data as TmpfsMount;
}

claim(
  'bytes beyond the limit are ENOSPC, and the write leaves nothing (mount_tmpfs(8))',
  function* (sys) {
    const tmp = rootMount();
    const fd = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
    tmp.memLimit = tmp.memUsed + 3 * PAGE_SIZE;
    expect(yield* sys.write(fd, new Uint8Array(2 * PAGE_SIZE))).toBe(2 * PAGE_SIZE);
    expect(yield* code(() => sys.write(fd, new Uint8Array(2 * PAGE_SIZE)))).toBe('ENOSPC');
    expect((yield* sys.fstat(fd)).size).toBe(2 * PAGE_SIZE);
    expect(yield* sys.write(fd, new Uint8Array(PAGE_SIZE))).toBe(PAGE_SIZE);
    expect(yield* code(() => sys.mkdir('/d', 0o755))).toBe('ENOSPC');
    expect(yield* code(() => sys.symlink('target', '/s'))).toBe('ENOSPC');
    expect(yield* code(() => sys.link('/f', '/g'))).toBe('ENOSPC');
    expect(yield* code(() => sys.rename('/f', '/longer name'))).toBe('ENOSPC');
    yield* sys.ftruncate(fd, 1);
    yield* sys.mkdir('/d', 0o755);
    yield* sys.close(fd);
  },
);

claim('nodes beyond the limit are ENOSPC until one goes (mount_tmpfs(8))', function* (sys) {
  const tmp = rootMount();
  tmp.nodesMax = tmp.nodes + 1;
  yield* writeFile(sys, '/one', '1');
  expect(yield* code(() => sys.mkdir('/two', 0o755))).toBe('ENOSPC');
  yield* sys.link('/one', '/uno');
  yield* sys.unlink('/one');
  expect(yield* code(() => sys.mkdir('/two', 0o755))).toBe('ENOSPC');
  yield* sys.unlink('/uno');
  yield* sys.mkdir('/two', 0o755);
});

claim(
  'a mount has its own limits, root and read-only flag, which can change (mount(2))',
  function* (sys) {
    yield* sys.mkdir('/m', 0o755);
    const args = { sizeMax: 100_000, nodesMax: 3, rootMode: 0o700, rootUid: 7, rootGid: 8 };
    yield* sys.mount('tmpfs', '/m', 0, args);
    const st = yield* sys.stat('/m');
    expect([st.mode & 0o777, st.uid, st.gid]).toEqual([0o700, 7, 8]);
    yield* writeFile(sys, '/m/f', 'x');
    expect((yield* sys.stat('/m/f')).gid).toBe(8);
    yield* sys.mkdir('/m/d', 0o755);
    expect(yield* code(() => sys.mkdir('/m/e', 0o755))).toBe('ENOSPC');
    const vfs = yield* sys.statvfs('/m');
    expect([vfs.files, vfs.ffree, vfs.blocks]).toEqual([3, 0, 24]);
    expect(yield* code(() => sys.mount('tmpfs', '/m', MNT_UPDATE, { nodesMax: 1 }))).toBe('EBUSY');
    yield* sys.mount('tmpfs', '/m', MNT_UPDATE | MNT_RDONLY, { nodesMax: 9 });
    expect(yield* code(() => sys.mkdir('/m/e', 0o755))).toBe('EROFS');
    expect(yield* code(() => sys.rename('/m/f', '/m/g'))).toBe('EROFS');
    expect(yield* code(() => sys.chmod('/m/f', 0o600))).toBe('EROFS');
    expect(yield* code(() => sys.open('/m/f', O_RDWR))).toBe('EROFS');
    expect(yield* readFile(sys, '/m/f')).toBe('x');
    const fd = yield* sys.open('/m/f', O_RDONLY);
    expect(yield* code(() => sys.unmount('/m', 0))).toBe('EBUSY');
    yield* sys.close(fd);
    yield* sys.unmount('/m', 0);
    expect(yield* names(sys, '/m')).toEqual([]);
  },
);

claim('readdir goes on where it was, whatever is removed and added (getdents(2))', function* (sys) {
  yield* sys.mkdir('/d', 0o755);
  for (let i = 0; i < 60; i++) yield* writeFile(sys, `/d/${i}`, '');
  const fd = yield* sys.open('/d', O_RDONLY);
  const seen: string[] = [];
  for (let round = 0; ; round++) {
    const entries = yield* sys.getdents(fd, 160);
    if (entries.length === 0) break;
    for (const { name } of entries) seen.push(name);
    const last = seen[seen.length - 1];
    if (Number(last) >= 0) yield* sys.unlink(`/d/${last}`);
    if (Number(last) >= 5) yield* sys.unlink(`/d/${Number(last) - 5}`);
    yield* writeFile(sys, `/d/new${round}`, '');
    yield* sys.unlink(`/d/new${round}`);
  }
  yield* sys.close(fd);
  expect(seen.slice(0, 2)).toEqual(['.', '..']);
  expect(seen.slice(2)).toEqual(Array.from({ length: 60 }, (_, i) => String(i)));
});

claim('a directory that is emptied while it is read keeps no holes (rm -r)', function* (sys) {
  yield* sys.mkdir('/d', 0o755);
  for (let i = 0; i < 200; i++) yield* sys.mkdir(`/d/${i}`, 0o755);
  for (let i = 0; i < 199; i++) yield* sys.rmdir(`/d/${i}`);
  const node = rootMount().root!.dir!.entries.get('d')!.node;
  expect(node.dir!.order.length).toBeLessThan(30);
  expect(yield* names(sys, '/d')).toEqual(['199']);
});

claim('holes read as zeros and take no pages; a page grows as it is written', function* (sys) {
  const fd = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
  yield* sys.pwrite(fd, 'end', 1e9);
  const st = yield* sys.fstat(fd);
  expect([st.size, st.blocks]).toEqual([1e9 + 3, PAGE_SIZE / 512]);
  const buf = new Uint8Array(10).fill(1);
  expect(yield* sys.pread(fd, buf, 1e9 - 7)).toBe(10);
  expect(new TextDecoder().decode(buf)).toBe('\0\0\0\0\0\0\0end');
  yield* sys.ftruncate(fd, 1e9 + 1);
  yield* sys.ftruncate(fd, 1e9 + 3);
  yield* sys.pread(fd, buf, 1e9 - 7);
  expect(new TextDecoder().decode(buf)).toBe('\0\0\0\0\0\0\0e\0\0');
  yield* sys.ftruncate(fd, 100);
  expect((yield* sys.fstat(fd)).blocks).toBe(0);
  expect(yield* code(() => sys.pwrite(fd, 'x', TMPFS_MAXFILESIZE))).toBe('EFBIG');
  expect(yield* code(() => sys.ftruncate(fd, TMPFS_MAXFILESIZE + 1))).toBe('EFBIG');
  expect(yield* code(() => sys.ftruncate(fd, -1))).toBe('EINVAL');
  yield* sys.close(fd);
});

claim('links end at LINK_MAX with EMLINK (link(2), mkdir(2), rename(2))', function* (sys) {
  yield* writeFile(sys, '/f', '');
  yield* sys.mkdir('/d', 0o755);
  yield* sys.mkdir('/e', 0o755);
  const { entries } = rootMount().root!.dir!;
  const counts = [entries.get('f')!.node, entries.get('d')!.node];
  const before = counts.map((node) => node.links);
  for (const node of counts) node.links = LINK_MAX;
  expect(yield* code(() => sys.link('/f', '/g'))).toBe('EMLINK');
  expect(yield* code(() => sys.mkdir('/d/x', 0o755))).toBe('EMLINK');
  expect(yield* code(() => sys.rename('/e', '/d/e'))).toBe('EMLINK');
  counts.forEach((node, i) => {
    node.links = before[i];
  });
});

claim('in a removed directory there is nothing and nothing can be made: ENOENT', function* (sys) {
  yield* sys.mkdir('/d', 0o755);
  yield* sys.chdir('/d');
  yield* sys.rmdir('/d');
  expect((yield* sys.stat('.')).nlink).toBe(0);
  expect(yield* code(() => sys.mkdir('x', 0o755))).toBe('ENOENT');
  expect(yield* code(() => sys.open('f', O_CREAT, 0o644))).toBe('ENOENT');
  expect(yield* code(() => sys.stat('..'))).toBe('ENOENT');
  yield* writeFile(sys, '/f', '');
  expect(yield* code(() => sys.rename('/f', 'f'))).toBe('ENOENT');
  expect(yield* code(() => sys.link('/f', 'f'))).toBe('ENOENT');
  yield* sys.chdir('/');
});

claim('a directory above another cannot be replaced or moved below (rename(2))', function* (sys) {
  yield* sys.mkdir('/a', 0o755);
  yield* sys.mkdir('/a/b', 0o755);
  yield* sys.mkdir('/a/b/c', 0o755);
  yield* writeFile(sys, '/a/b/c/f', '');
  expect(yield* code(() => sys.rename('/a', '/a/b/c/d'))).toBe('EINVAL');
  expect(yield* code(() => sys.rename('/a/b', '/a/b/c'))).toBe('EINVAL');
  expect(yield* code(() => sys.rename('/a/b/c', '/a'))).toBe('ENOTEMPTY');
  expect(yield* code(() => sys.rename('/a/b/c/f', '/a'))).toBe('EISDIR');
  yield* sys.rename('/a/b/c/f', '/a/f');
  yield* sys.rename('/a/b/c', '/c');
  yield* sys.rename('/c', '/a/b');
  expect(yield* names(sys, '/a')).toEqual(['b', 'f']);
});

claim(
  'a directory that moves to a new parent must be writable, for its ".." (rename(2))',
  function* (sys) {
    yield* sys.mkdir('/p', 0o777);
    yield* sys.mkdir('/q', 0o777);
    yield* sys.chmod('/p', 0o777);
    yield* sys.chmod('/q', 0o777);
    yield* sys.mkdir('/p/d', 0o755);
    become(5);
    expect(yield* code(() => sys.rename('/p/d', '/q/d'))).toBe('EACCES');
    yield* sys.rename('/p/d', '/p/e');
  },
);

claim(
  'device nodes keep their numbers; a fifo connects two LWPs (mknod(2), mkfifo(2))',
  function* (sys) {
    yield* sys.mknod('/null', S_IFCHR | 0o666, 0x1234);
    yield* sys.mknod('/disk', S_IFBLK | 0o600, 0x5678);
    const st = yield* sys.stat('/null');
    expect([st.mode & S_IFMT, st.rdev]).toEqual([S_IFCHR, 0x1234]);
    expect((yield* sys.stat('/disk')).rdev).toBe(0x5678);
    expect(yield* code(() => sys.open('/null', O_RDONLY))).toBe('ENXIO');
    yield* sys.mkfifo('/fifo', 0o644);
    const lid = yield* sys._lwp_create(function* () {
      const fd = yield* sys.open('/fifo', 1);
      yield* sys.write(fd, 'through the fifo');
      yield* sys.close(fd);
    });
    expect(yield* readFile(sys, '/fifo')).toBe('through the fifo');
    yield* sys._lwp_wait(lid);
    for (const path of ['/null', '/disk', '/fifo']) yield* sys.unlink(path);
  },
);

claim('MNT_NOATIME keeps access times as they are (mount(2))', function* (sys) {
  yield* writeFile(sys, '/f', 'x');
  const { atime } = yield* sys.stat('/f');
  yield* sys.mount('tmpfs', '/', MNT_UPDATE | MNT_NOATIME, undefined);
  yield* readFile(sys, '/f');
  expect((yield* sys.stat('/f')).atime).toBe(atime);
  yield* sys.mount('tmpfs', '/', MNT_UPDATE, undefined);
  yield* sys.nanosleep(1e6);
  yield* readFile(sys, '/f');
  expect((yield* sys.stat('/f')).atime).toBeGreaterThan(atime);
});

function* setFlags(path: string, flags: number): Generator<void, void, void> {
  const nd = NDINIT(LOOKUP, FOLLOW | LOCKLEAF, path);
  yield* namei(nd);
  const va = new VAttr();
  va.flags = flags;
  expect(yield* VOP_SETATTR(nd.vp!, va, CRED0)).toBe(undefined);
  yield* vput(nd.vp!);
}

claim(
  'what is immutable cannot change, what only grows cannot be rewritten (chflags(2))',
  function* (sys) {
    yield* writeFile(sys, '/f', 'x');
    yield* setFlags('/f', IMMUTABLE);
    expect(yield* code(() => sys.unlink('/f'))).toBe('EPERM');
    expect(yield* code(() => sys.rename('/f', '/g'))).toBe('EPERM');
    expect(yield* code(() => sys.link('/f', '/g'))).toBe('EPERM');
    expect(yield* code(() => sys.chmod('/f', 0o600))).toBe('EPERM');
    expect(yield* code(() => sys.open('/f', O_RDWR))).toBe('EPERM');
    yield* setFlags('/f', APPEND);
    expect(yield* code(() => sys.open('/f', O_RDWR))).toBe('EPERM');
    expect(yield* code(() => sys.truncate('/f', 0))).toBe('EPERM');
    yield* sys.close(yield* sys.open('/f', O_RDWR | 0x8));
    yield* setFlags('/f', 0);
    yield* sys.unlink('/f');
  },
);

claim('a write by an ordinary user takes the set-id bits away (write(2))', function* (sys) {
  yield* writeFile(sys, '/f', 'x');
  yield* sys.chmod('/f', 0o6777);
  become(5);
  const fd = yield* sys.open('/f', O_RDWR);
  yield* sys.write(fd, 'y');
  expect((yield* sys.fstat(fd)).mode & 0o7777).toBe(0o777);
  yield* sys.close(fd);
});

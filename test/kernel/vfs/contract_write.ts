/** Cases of the contract that write. */

import { expect } from 'vitest';
import { fails } from '../../../kernel/fails.ts';
import {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  R_OK,
  W_OK,
  X_OK,
} from '../../../kernel/vfs/fcntl.ts';
import { S_IFIFO, S_IFMT, UTIME_OMIT } from '../../../kernel/vfs/stat.ts';
import type { Cases } from './contract.ts';
import { become, HELLO, names, readFile, writeFile } from './tree.ts';

/** The errno name of a call that is to fail. */
function* code(call: Parameters<typeof fails>[0]): Generator<void, string, void> {
  const error = yield* fails(call);
  return error.code;
}

const making: Cases = {
  'O_CREAT makes a file, cut by the umask; O_EXCL refuses an old one (open(2))': function* (
    sys,
    at,
  ) {
    yield* sys.umask(0o027);
    yield* sys.close(yield* sys.open(`${at}/new`, O_CREAT | O_EXCL | O_RDWR, 0o666));
    expect((yield* sys.stat(`${at}/new`)).mode & 0o7777).toBe(0o640);
    expect(yield* code(() => sys.open(`${at}/new`, O_CREAT | O_EXCL, 0o666))).toBe('EEXIST');
    expect(yield* code(() => sys.open(`${at}/dangling`, O_CREAT | O_EXCL, 0o666))).toBe('EEXIST');
    yield* sys.close(yield* sys.open(`${at}/dangling`, O_CREAT | O_RDWR, 0o666));
    expect((yield* sys.stat(`${at}/nowhere`)).size).toBe(0);
    expect(yield* code(() => sys.open(`${at}/slash/`, O_CREAT | O_RDWR, 0o666))).toBe('ENOENT');
  },
  'mkdir and rmdir keep the link counts of the parent (mkdir(2), rmdir(2))': function* (sys, at) {
    yield* sys.mkdir(`${at}/dir/a`, 0o700);
    yield* sys.mkdir(`${at}/dir/b/`, 0o700);
    expect((yield* sys.stat(`${at}/dir`)).nlink).toBe(5);
    expect((yield* sys.stat(`${at}/dir/a`)).nlink).toBe(2);
    expect(yield* code(() => sys.mkdir(`${at}/dir/a`, 0o700))).toBe('EEXIST');
    expect(yield* code(() => sys.mkdir(`${at}/hello/x`, 0o700))).toBe('ENOTDIR');
    yield* sys.rmdir(`${at}/dir/a`);
    expect((yield* sys.stat(`${at}/dir`)).nlink).toBe(4);
    expect(yield* code(() => sys.rmdir(`${at}/dir/a`))).toBe('ENOENT');
  },
  'rmdir refuses what is not empty, no directory, or itself (rmdir(2))': function* (sys, at) {
    expect(yield* code(() => sys.rmdir(`${at}/dir`))).toBe('ENOTEMPTY');
    expect(yield* code(() => sys.rmdir(`${at}/hello`))).toBe('ENOTDIR');
    expect(yield* code(() => sys.rmdir(`${at}/dir/sub/.`))).toBe('EINVAL');
    expect(yield* code(() => sys.rmdir(`${at}/dirlink`))).toBe('ENOTDIR');
    expect(yield* code(() => sys.rmdir('/'))).toBe('EISDIR');
  },
  'a file lives until its last name and descriptor are gone (unlink(2))': function* (sys, at) {
    const fd = yield* sys.open(`${at}/hello`, O_RDONLY);
    yield* sys.link(`${at}/hello`, `${at}/second`);
    expect((yield* sys.fstat(fd)).nlink).toBe(2);
    yield* sys.unlink(`${at}/hello`);
    expect((yield* sys.fstat(fd)).nlink).toBe(1);
    expect(yield* readFile(sys, `${at}/second`)).toBe(HELLO);
    yield* sys.unlink(`${at}/second`);
    expect((yield* sys.fstat(fd)).nlink).toBe(0);
    expect(yield* sys.read(fd, new Uint8Array(100))).toBe(HELLO.length);
    yield* sys.close(fd);
    expect(yield* code(() => sys.unlink(`${at}/hello`))).toBe('ENOENT');
  },
  'unlink and link refuse directories with EPERM (unlink(2), link(2))': function* (sys, at) {
    expect(yield* code(() => sys.unlink(`${at}/dir`))).toBe('EPERM');
    expect(yield* code(() => sys.link(`${at}/dir`, `${at}/dir2`))).toBe('EPERM');
    expect(yield* code(() => sys.link(`${at}/hello`, `${at}/empty`))).toBe('EEXIST');
    expect(yield* code(() => sys.unlink(`${at}/hello/`))).toBe('ENOTDIR');
  },
  'symlink refuses an old name, and an empty target (symlink(2))': function* (sys, at) {
    expect(yield* code(() => sys.symlink('x', `${at}/hello`))).toBe('EEXIST');
    expect(yield* code(() => sys.symlink('', `${at}/new`))).toBe('ENOENT');
    yield* sys.symlink('/', `${at}/toroot`);
    expect((yield* sys.stat(`${at}/toroot`)).ino).toBe((yield* sys.stat('/')).ino);
  },
  "mkfifo makes a fifo; devices are the superuser's (mknod(2))": function* (sys, at) {
    yield* sys.mkfifo(`${at}/fifo`, 0o600);
    expect((yield* sys.stat(`${at}/fifo`)).mode & S_IFMT).toBe(S_IFIFO);
    yield* sys.chmod(`${at}/dir`, 0o777);
    become(100);
    expect(yield* code(() => sys.mknod(`${at}/dir/dev`, 0o020600, 0))).toBe('EPERM');
    yield* sys.mkfifo(`${at}/dir/fifo`, 0o600);
  },
  'names of any bytes, up to 255, can be made and found (open(2))': function* (sys, at) {
    for (const name of ['x'.repeat(255), 'é', 'a b', '...', '\u0001', 'name\n']) {
      yield* writeFile(sys, `${at}/dir/${name}`, name);
      expect(yield* readFile(sys, `${at}/dir/${name}`)).toBe(name);
    }
    expect((yield* names(sys, `${at}/dir`)).length).toBe(8);
  },
};

const contents: Cases = {
  'a write beyond the end leaves a hole of zeros (write(2))': function* (sys, at) {
    const fd = yield* sys.open(`${at}/hole`, O_CREAT | O_RDWR, 0o644);
    expect(yield* sys.pwrite(fd, 'end', 70_000)).toBe(3);
    expect((yield* sys.fstat(fd)).size).toBe(70_003);
    const buf = new Uint8Array(70_003).fill(1);
    expect(yield* sys.pread(fd, buf, 0)).toBe(70_003);
    expect(buf.subarray(0, 70_000).every((byte) => byte === 0)).toBe(true);
    expect(new TextDecoder().decode(buf.subarray(70_000))).toBe('end');
  },
  'O_APPEND writes at the end, O_TRUNC empties (open(2))': function* (sys, at) {
    const fd = yield* sys.open(`${at}/hello`, O_WRONLY | O_APPEND);
    yield* sys.lseek(fd, 0, 0);
    yield* sys.write(fd, 'more');
    expect(yield* readFile(sys, `${at}/hello`)).toBe(`${HELLO}more`);
    yield* sys.close(yield* sys.open(`${at}/hello`, O_WRONLY | O_TRUNC));
    expect((yield* sys.stat(`${at}/hello`)).size).toBe(0);
  },
  'a descriptor does only what it was opened for: EBADF (read(2), write(2))': function* (sys, at) {
    const reads = yield* sys.open(`${at}/hello`, O_RDONLY);
    const writes = yield* sys.open(`${at}/hello`, O_WRONLY);
    expect(yield* code(() => sys.write(reads, 'x'))).toBe('EBADF');
    expect(yield* code(() => sys.read(writes, new Uint8Array(1)))).toBe('EBADF');
    expect(yield* code(() => sys.ftruncate(reads, 0))).toBe('EINVAL');
    expect(yield* code(() => sys.open(`${at}/hello`, 3))).toBe('EINVAL');
  },
  'truncate shortens, and lengthens with zeros (truncate(2))': function* (sys, at) {
    yield* sys.truncate(`${at}/hello`, 5);
    yield* sys.truncate(`${at}/hello`, 8);
    expect(yield* readFile(sys, `${at}/hello`)).toBe('hello\0\0\0');
    const fd = yield* sys.open(`${at}/big`, O_RDWR);
    yield* sys.ftruncate(fd, 10);
    yield* sys.ftruncate(fd, 50_000);
    const buf = new Uint8Array(50_000);
    expect(yield* sys.pread(fd, buf, 0)).toBe(50_000);
    expect(buf.subarray(10).every((byte) => byte === 0)).toBe(true);
    expect(yield* code(() => sys.truncate(`${at}/hello`, -1))).toBe('EINVAL');
    expect(yield* code(() => sys.truncate(`${at}/dir`, 0))).toBe('EISDIR');
  },
  'times follow what is done to a file (stat(2))': function* (sys, at) {
    const before = yield* sys.stat(`${at}/hello`);
    yield* sys.nanosleep(1e9);
    const fd = yield* sys.open(`${at}/hello`, O_RDWR);
    yield* sys.write(fd, 'H');
    const written = yield* sys.stat(`${at}/hello`);
    expect(written.mtime).toBeGreaterThan(before.mtime);
    expect(written.ctime).toBeGreaterThan(before.ctime);
    yield* sys.nanosleep(1e9);
    yield* sys.chmod(`${at}/hello`, 0o600);
    const changed = yield* sys.stat(`${at}/hello`);
    expect(changed.mtime).toBe(written.mtime);
    expect(changed.ctime).toBeGreaterThan(written.ctime);
    yield* sys.utimens(`${at}/hello`, [1e9, UTIME_OMIT]);
    const set = yield* sys.stat(`${at}/hello`);
    expect([set.atime, set.mtime]).toEqual([1e9, written.mtime]);
  },
};

const renaming: Cases = {
  'rename moves a name, and replaces an old one (rename(2))': function* (sys, at) {
    const ino = (yield* sys.stat(`${at}/hello`)).ino;
    yield* sys.rename(`${at}/hello`, `${at}/dir/moved`);
    expect((yield* sys.stat(`${at}/dir/moved`)).ino).toBe(ino);
    expect(yield* code(() => sys.stat(`${at}/hello`))).toBe('ENOENT');
    yield* sys.rename(`${at}/dir/moved`, `${at}/empty`);
    expect(yield* readFile(sys, `${at}/empty`)).toBe(HELLO);
    expect(yield* names(sys, `${at}/dir`)).toEqual(['inner', 'sub']);
  },
  'rename onto another link to the same file removes the source (rename(2))': function* (sys, at) {
    yield* sys.link(`${at}/hello`, `${at}/again`);
    yield* sys.rename(`${at}/hello`, `${at}/hello`);
    expect((yield* sys.stat(`${at}/hello`)).nlink).toBe(2);
    yield* sys.rename(`${at}/hello`, `${at}/again`);
    expect(yield* code(() => sys.stat(`${at}/hello`))).toBe('ENOENT');
    expect((yield* sys.stat(`${at}/again`)).nlink).toBe(1);
  },
  'rename of a directory moves its link to the parent (rename(2))': function* (sys, at) {
    const top = (yield* sys.stat(`${at}/.`)).nlink;
    yield* sys.rename(`${at}/dir/sub`, `${at}/sub/`);
    expect((yield* sys.stat(`${at}/dir`)).nlink).toBe(2);
    expect((yield* sys.stat(`${at}/.`)).nlink).toBe(top + 1);
    expect((yield* sys.stat(`${at}/sub/..`)).ino).toBe((yield* sys.stat(`${at}/.`)).ino);
  },
  'rename refuses what would not be a tree (rename(2))': function* (sys, at) {
    expect(yield* code(() => sys.rename(`${at}/dir`, `${at}/dir/sub/x`))).toBe('EINVAL');
    expect(yield* code(() => sys.rename(`${at}/dir`, `${at}/dir/x`))).toBe('EINVAL');
    expect(yield* code(() => sys.rename(`${at}/dir/.`, `${at}/x`))).toBe('EINVAL');
    expect(yield* code(() => sys.rename(`${at}/dir/sub/..`, `${at}/x`))).toBe('EINVAL');
    expect(yield* code(() => sys.rename(`${at}/nowhere`, `${at}/x`))).toBe('ENOENT');
  },
  'rename replaces like with like only (rename(2))': function* (sys, at) {
    expect(yield* code(() => sys.rename(`${at}/dir`, `${at}/hello`))).toBe('ENOTDIR');
    expect(yield* code(() => sys.rename(`${at}/hello`, `${at}/dir`))).toBe('EISDIR');
    yield* sys.mkdir(`${at}/other`, 0o755);
    expect(yield* code(() => sys.rename(`${at}/other`, `${at}/dir`))).toBe('ENOTEMPTY');
    yield* sys.rename(`${at}/dir`, `${at}/other`);
    expect(yield* names(sys, `${at}/other`)).toEqual(['inner', 'sub']);
    expect(yield* code(() => sys.rename(`${at}/hello`, `${at}/x/`))).toBe('ENOENT');
  },
};

const permissions: Cases = {
  'a directory must grant search on the way: EACCES (open(2))': function* (sys, at) {
    yield* sys.chmod(`${at}/dir`, 0o700);
    become(100);
    expect(yield* code(() => sys.stat(`${at}/dir/inner`))).toBe('EACCES');
    expect(yield* code(() => sys.chdir(`${at}/dir`))).toBe('EACCES');
    yield* sys.stat(`${at}/dir`);
  },
  'owner, group and others have bits of their own (chmod(2))': function* (sys, at) {
    yield* sys.chown(`${at}/hello`, 100, 200);
    yield* sys.chmod(`${at}/hello`, 0o124);
    become(100, 200);
    expect(yield* code(() => sys.open(`${at}/hello`, O_RDONLY))).toBe('EACCES');
    expect(yield* code(() => sys.open(`${at}/hello`, O_WRONLY))).toBe('EACCES');
    become(101, 200);
    yield* sys.open(`${at}/hello`, O_WRONLY);
    expect(yield* code(() => sys.open(`${at}/hello`, O_RDONLY))).toBe('EACCES');
    become(101, 201);
    yield* sys.open(`${at}/hello`, O_RDONLY);
    expect(yield* code(() => sys.open(`${at}/hello`, O_RDWR))).toBe('EACCES');
  },
  "names are made and removed with the directory's leave: EACCES (unlink(2))": function* (sys, at) {
    become(100);
    expect(yield* code(() => sys.open(`${at}/dir/new`, O_CREAT | O_RDWR, 0o600))).toBe('EACCES');
    expect(yield* code(() => sys.mkdir(`${at}/dir/new`, 0o700))).toBe('EACCES');
    expect(yield* code(() => sys.unlink(`${at}/dir/inner`))).toBe('EACCES');
    expect(yield* code(() => sys.rmdir(`${at}/dir/sub`))).toBe('EACCES');
    expect(yield* code(() => sys.rename(`${at}/dir/inner`, `${at}/dir/x`))).toBe('EACCES');
    expect(yield* code(() => sys.mkdir(`${at}/dir/sub`, 0o700))).toBe('EEXIST');
  },
  'in a sticky directory only owners remove and rename: EPERM (sticky(7))': function* (sys, at) {
    yield* sys.chmod(`${at}/dir`, 0o1777);
    become(100);
    yield* writeFile(sys, `${at}/dir/mine`, 'x');
    expect(yield* code(() => sys.unlink(`${at}/dir/inner`))).toBe('EPERM');
    expect(yield* code(() => sys.rename(`${at}/dir/inner`, `${at}/dir/x`))).toBe('EPERM');
    become(101);
    expect(yield* code(() => sys.unlink(`${at}/dir/mine`))).toBe('EPERM');
    become(100);
    yield* sys.unlink(`${at}/dir/mine`);
  },
  'only owners change modes, only the superuser owners (chmod(2), chown(2))': function* (sys, at) {
    yield* sys.chown(`${at}/hello`, 100, 100);
    become(101);
    expect(yield* code(() => sys.chmod(`${at}/hello`, 0o777))).toBe('EPERM');
    expect(yield* code(() => sys.utimens(`${at}/hello`, [0, 0]))).toBe('EPERM');
    become(100);
    yield* sys.chmod(`${at}/hello`, 0o600);
    yield* sys.utimens(`${at}/hello`, [0, 0]);
    expect(yield* code(() => sys.chown(`${at}/hello`, 101, -1))).toBe('EPERM');
    expect(yield* code(() => sys.chown(`${at}/hello`, -1, 101))).toBe('EPERM');
    expect(yield* code(() => sys.chroot(`${at}/dir`))).toBe('EPERM');
  },
  'access asks for the real user (access(2))': function* (sys, at) {
    yield* sys.chmod(`${at}/hello`, 0o640);
    yield* sys.access(`${at}/hello`, R_OK | W_OK);
    expect(yield* code(() => sys.access(`${at}/hello`, X_OK))).toBe('EACCES');
    expect(yield* code(() => sys.access(`${at}/hello`, 0o10))).toBe('EINVAL');
    become(100);
    expect(yield* code(() => sys.access(`${at}/hello`, R_OK))).toBe('EACCES');
    yield* sys.access(`${at}/hello`, 0);
  },
};

export const writeCases: Cases = { ...making, ...contents, ...renaming, ...permissions };

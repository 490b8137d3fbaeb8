/** Cases of the contract that only read. */

import { expect } from 'vitest';
import { fails } from '../../../kernel/fails.ts';
import {
  O_CREAT,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from '../../../kernel/vfs/fcntl.ts';
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../../../kernel/vfs/stat.ts';
import type { Cases } from './contract.ts';
import { BIG_BYTES, bigBytes, HELLO, LONG_TARGET, names, readFile } from './tree.ts';

/** The errno name of a call that is to fail. */
function* code(call: Parameters<typeof fails>[0]): Generator<void, string, void> {
  const error = yield* fails(call);
  return error.code;
}

const lookups: Cases = {
  'a name that is not there is ENOENT (open(2))': function* (sys, at) {
    expect(yield* code(() => sys.open(`${at}/nowhere`, O_RDONLY))).toBe('ENOENT');
    expect(yield* code(() => sys.stat(`${at}/nowhere/more`))).toBe('ENOENT');
    expect(yield* code(() => sys.stat(''))).toBe('ENOENT');
  },
  'a file used as a directory is ENOTDIR (open(2))': function* (sys, at) {
    expect(yield* code(() => sys.stat(`${at}/hello/more`))).toBe('ENOTDIR');
    expect(yield* code(() => sys.stat(`${at}/hello/`))).toBe('ENOTDIR');
    expect(yield* code(() => sys.stat(`${at}/hello/..`))).toBe('ENOTDIR');
    expect(yield* code(() => sys.open(`${at}/hello`, O_DIRECTORY))).toBe('ENOTDIR');
  },
  'a component of 256 bytes, and a path of 1024, are ENAMETOOLONG (open(2))': function* (sys, at) {
    expect(yield* code(() => sys.stat(`${at}/${'x'.repeat(256)}`))).toBe('ENAMETOOLONG');
    expect(yield* code(() => sys.stat(`${at}/${'x'.repeat(255)}`))).toBe('ENOENT');
    expect(yield* code(() => sys.stat(`${at}/${'é'.repeat(128)}`))).toBe('ENAMETOOLONG');
    expect(yield* code(() => sys.stat(`${at}${'/.'.repeat(512)}`))).toBe('ENAMETOOLONG');
    yield* sys.stat(`/${'./'.repeat(500)}`);
  },
  'a loop of symbolic links is ELOOP (open(2))': function* (sys, at) {
    expect(yield* code(() => sys.stat(`${at}/loop`))).toBe('ELOOP');
    expect(yield* code(() => sys.stat(`${at}/loop/x`))).toBe('ELOOP');
    expect(((yield* sys.lstat(`${at}/loop`)).mode & S_IFMT) === S_IFLNK).toBe(true);
  },
  'symbolic links are followed, lstat excepted (symlink(7))': function* (sys, at) {
    const file = yield* sys.stat(`${at}/hello`);
    expect((yield* sys.stat(`${at}/link`)).ino).toBe(file.ino);
    expect((yield* sys.stat(`${at}/longlink`)).ino).toBe(file.ino);
    expect((yield* sys.lstat(`${at}/link`)).ino).not.toBe(file.ino);
    expect(yield* readFile(sys, `${at}/dirlink/inner`)).toBe('inner\n');
    expect(yield* code(() => sys.stat(`${at}/dangling`))).toBe('ENOENT');
  },
  'readlink tells the target; of anything else it is EINVAL (readlink(2))': function* (sys, at) {
    expect(yield* sys.readlink(`${at}/link`)).toBe('hello');
    expect(yield* sys.readlink(`${at}/longlink`)).toBe(LONG_TARGET);
    expect((yield* sys.lstat(`${at}/longlink`)).size).toBe(LONG_TARGET.length);
    expect(yield* code(() => sys.readlink(`${at}/hello`))).toBe('EINVAL');
  },
  'O_NOFOLLOW refuses a symbolic link with EFTYPE (open(2))': function* (sys, at) {
    expect(yield* code(() => sys.open(`${at}/link`, O_NOFOLLOW))).toBe('EFTYPE');
    yield* sys.open(`${at}/hello`, O_NOFOLLOW);
  },
  'a trailing slash follows the link before it, to a directory (symlink(7))': function* (sys, at) {
    expect((yield* sys.lstat(`${at}/dirlink/`)).mode & S_IFMT).toBe(S_IFDIR);
    expect((yield* sys.lstat(`${at}/dirlink`)).mode & S_IFMT).toBe(S_IFLNK);
    expect(yield* code(() => sys.lstat(`${at}/link/`))).toBe('ENOTDIR');
  },
  "'.' and '..' are what they say (namei(9))": function* (sys, at) {
    const dir = yield* sys.stat(`${at}/dir`);
    const top = yield* sys.stat(`${at}/.`);
    expect((yield* sys.stat(`${at}/dir/.`)).ino).toBe(dir.ino);
    expect((yield* sys.stat(`${at}/dir/sub/..`)).ino).toBe(dir.ino);
    expect((yield* sys.stat(`${at}//dir///sub/../.././`)).ino).toBe(top.ino);
    expect(yield* readFile(sys, `${at}/dir/../dir/sub/../inner`)).toBe('inner\n');
  },
  "'..' of the root is the root (namei(9))": function* (sys) {
    const root = yield* sys.stat('/');
    expect((yield* sys.stat('/..')).ino).toBe(root.ino);
    expect((yield* sys.stat('/../../..')).ino).toBe(root.ino);
  },
  'a relative path begins at the current directory (chdir(2))': function* (sys, at) {
    yield* sys.chdir(`${at}/dir`);
    expect(yield* readFile(sys, 'inner')).toBe('inner\n');
    yield* sys.chdir('sub');
    expect(yield* readFile(sys, '../../hello')).toBe(HELLO);
    expect(yield* code(() => sys.chdir('../inner'))).toBe('ENOTDIR');
    expect(yield* code(() => sys.chdir('nowhere'))).toBe('ENOENT');
    const fd = yield* sys.open(`${at}/dir`, O_RDONLY);
    yield* sys.fchdir(fd);
    expect(yield* readFile(sys, 'inner')).toBe('inner\n');
  },
};

const reading: Cases = {
  'a file reads as it was written, and then its end (read(2))': function* (sys, at) {
    expect(yield* readFile(sys, `${at}/hello`)).toBe(HELLO);
    expect(yield* readFile(sys, `${at}/empty`)).toBe('');
    const fd = yield* sys.open(`${at}/hello`, O_RDONLY);
    expect(yield* sys.pread(fd, new Uint8Array(5), HELLO.length)).toBe(0);
    expect(yield* sys.pread(fd, new Uint8Array(5), 1_000_000)).toBe(0);
  },
  'a large file reads right from any offset (pread(2))': function* (sys, at) {
    const fd = yield* sys.open(`${at}/big`, O_RDONLY);
    const buf = new Uint8Array(5000);
    for (const offset of [0, 1, 4095, 4096, 49_151, 49_152, 65_536, 95_000]) {
      const count = yield* sys.pread(fd, buf, offset);
      expect(count).toBe(5000);
      expect(buf).toEqual(bigBytes(offset, 5000));
    }
    expect(yield* sys.pread(fd, buf, BIG_BYTES - 10)).toBe(10);
    expect((yield* sys.fstat(fd)).size).toBe(BIG_BYTES);
  },
  'lseek sets the offset; a negative one is EINVAL (lseek(2))': function* (sys, at) {
    const fd = yield* sys.open(`${at}/hello`, O_RDONLY);
    expect(yield* sys.lseek(fd, -6, SEEK_END)).toBe(HELLO.length - 6);
    const buf = new Uint8Array(5);
    yield* sys.read(fd, buf);
    expect(new TextDecoder().decode(buf)).toBe('world');
    expect(yield* sys.lseek(fd, -5, SEEK_CUR)).toBe(HELLO.length - 6);
    expect(yield* sys.lseek(fd, 1000, SEEK_SET)).toBe(1000);
    expect(yield* sys.read(fd, buf)).toBe(0);
    expect(yield* code(() => sys.lseek(fd, -1, SEEK_SET))).toBe('EINVAL');
    expect(yield* code(() => sys.lseek(fd, 0, 17))).toBe('EINVAL');
  },
  'stat tells type, size and links (stat(2))': function* (sys, at) {
    const file = yield* sys.stat(`${at}/hello`);
    expect([file.mode & S_IFMT, file.size, file.nlink]).toEqual([S_IFREG, HELLO.length, 1]);
    const dir = yield* sys.stat(`${at}/dir`);
    expect([dir.mode & S_IFMT, dir.nlink]).toEqual([S_IFDIR, 3]);
    expect(dir.dev).toBe(file.dev);
    expect(dir.ino).not.toBe(file.ino);
    const fd = yield* sys.open(`${at}/hello`, O_RDONLY);
    expect(yield* sys.fstat(fd)).toEqual(yield* sys.stat(`${at}/hello`));
  },
  'a directory cannot be written, nor read as a file: EISDIR (open(2))': function* (sys, at) {
    expect(yield* code(() => sys.open(`${at}/dir`, 1))).toBe('EISDIR');
    const fd = yield* sys.open(`${at}/dir`, O_RDONLY);
    expect(yield* code(() => sys.read(fd, new Uint8Array(10)))).toBe('EISDIR');
    expect(yield* code(() => sys.open(`${at}/dir`, O_CREAT | O_DIRECTORY, 0o644))).toBe('EINVAL');
  },
};

const directories: Cases = {
  'getdents gives every name once, in pieces of any size (getdents(2))': function* (sys, at) {
    expect(yield* names(sys, `${at}/dir`)).toEqual(['inner', 'sub']);
    const fd = yield* sys.open(`${at}/dir`, O_RDONLY);
    const all: string[] = [];
    for (;;) {
      const some = yield* sys.getdents(fd, 24);
      if (some.length === 0) break;
      all.push(...some.map((entry) => entry.name));
    }
    expect(all.sort()).toEqual(['.', '..', 'inner', 'sub']);
  },
  'getdents tells inode numbers and types (dirent(3))': function* (sys, at) {
    const fd = yield* sys.open(`${at}/dir`, O_RDONLY);
    const entries = yield* sys.getdents(fd, 4096);
    const find = (name: string) => entries.find((entry) => entry.name === name);
    expect(find('.')?.fileno).toBe((yield* sys.stat(`${at}/dir`)).ino);
    expect(find('..')?.fileno).toBe((yield* sys.stat(`${at}/dir/..`)).ino);
    expect(find('inner')).toMatchObject({
      type: 8,
      fileno: (yield* sys.stat(`${at}/dir/inner`)).ino,
    });
    expect(find('sub')?.type).toBe(4);
  },
  'getdents of a file, and with no room for one entry, is EINVAL (getdents(2))': function* (
    sys,
    at,
  ) {
    const file = yield* sys.open(`${at}/hello`, O_RDONLY);
    expect(yield* code(() => sys.getdents(file, 512))).toBe('EINVAL');
    const dir = yield* sys.open(`${at}/dir`, O_RDONLY);
    expect(yield* code(() => sys.getdents(dir, 4))).toBe('EINVAL');
  },
  'statvfs tells of the file system (statvfs(2))': function* (sys, at) {
    const st = yield* sys.statvfs(`${at}/hello`);
    expect(st.fstypename).not.toBe('');
    expect(st.blocks).toBeGreaterThan(0);
    expect(st.bfree).toBeLessThanOrEqual(st.blocks);
    expect(st.frsize).toBeGreaterThan(0);
    expect(st.namemax).toBe(255);
    const fd = yield* sys.open(`${at}/hello`, O_RDONLY);
    expect(yield* sys.fstatvfs(fd)).toEqual(st);
  },
};

export const readCases: Cases = { ...lookups, ...reading, ...directories };

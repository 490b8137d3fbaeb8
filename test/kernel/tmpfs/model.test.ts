/**
 * tmpfs against models: contents of a file against an array of bytes, and the tree against the
 * host's own file system, where POSIX says the same for both.
 */

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { PAGE_SIZE } from '../../../kernel/fs/tmpfs/tmpfs.ts';
import { SysError } from '../../../kernel/kern/syserror.ts';
import { O_CREAT, O_DIRECTORY, O_EXCL, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { S_IFDIR, S_IFLNK, S_IFMT } from '../../../kernel/vfs/stat.ts';
import { passes } from '../harness.ts';
import { names } from '../vfs/tree.ts';
import { fsck } from './fsck.ts';

// Contents.

type FileCommand =
  | { readonly op: 'read'; readonly offset: number; readonly length: number }
  | { readonly op: 'write'; readonly offset: number; readonly length: number }
  | { readonly op: 'truncate' | 'append'; readonly length: number };

/** Offsets and lengths around the edges of pages. */
const near = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -3, max: 70 }))
  .map(([page, delta]) => Math.max(0, page * PAGE_SIZE + delta));

const fileCommand: fc.Arbitrary<FileCommand> = fc.oneof(
  fc.record({ op: fc.constant('write' as const), offset: near, length: near }),
  fc.record({ op: fc.constant('read' as const), offset: near, length: near }),
  fc.record({ op: fc.constantFrom('truncate' as const, 'append' as const), length: near }),
);

class FileModel {
  bytes: number[] = [];

  resize(length: number): void {
    while (this.bytes.length < length) this.bytes.push(0);
    this.bytes.length = length;
  }

  write(offset: number, data: Uint8Array): void {
    if (data.length === 0) return;
    if (this.bytes.length < offset + data.length) this.resize(offset + data.length);
    for (let i = 0; i < data.length; i++) this.bytes[offset + i] = data[i];
  }
}

function* runFile(sys: Sys, commands: readonly FileCommand[]): Generator<void, void, void> {
  const model = new FileModel();
  const fd = yield* sys.open('/f', O_CREAT | O_RDWR, 0o644);
  let stamp = 1;
  for (const command of commands) {
    const data = new Uint8Array(command.length).fill(stamp++);
    if (command.op === 'truncate') {
      yield* sys.ftruncate(fd, command.length);
      model.resize(command.length);
    } else if (command.op === 'read') {
      const count = yield* sys.pread(fd, data, command.offset);
      const wanted = model.bytes.slice(command.offset, command.offset + command.length);
      expect([...data.subarray(0, count)]).toEqual(wanted);
    } else {
      const offset = 'offset' in command ? command.offset : model.bytes.length;
      expect(yield* sys.pwrite(fd, data, offset)).toBe(data.length);
      model.write(offset, data);
    }
    expect((yield* sys.fstat(fd)).size).toBe(model.bytes.length);
  }
  const all = new Uint8Array(model.bytes.length + 1);
  expect(yield* sys.pread(fd, all, 0)).toBe(model.bytes.length);
  expect([...all.subarray(0, model.bytes.length)]).toEqual(model.bytes);
  yield* sys.close(fd);
  expect(fsck()).toEqual([]);
}

test('a file holds what an array of bytes would (read(2), write(2), truncate(2))', () => {
  fc.assert(
    fc.property(fc.array(fileCommand, { maxLength: 12 }), (commands) => {
      passes({ components: [tmpfs], ncpu: 1, replay: 'left out' }, (sys) => runFile(sys, commands));
    }),
    { numRuns: 150, seed: 1 },
  );
});

// The tree.

const OPERATIONS = [
  'mkdir',
  'rmdir',
  'create',
  'write',
  'unlink',
  'link',
  'symlink',
  'readlink',
  'rename',
  'rename',
  'stat',
  'list',
  'truncate',
] as const;

interface TreeCommand {
  readonly op: (typeof OPERATIONS)[number];
  readonly path: string;
  readonly other: string;
  readonly target: string;
}

/** The tree is so deep in its file system that no path can climb out of what both have. */
const TOP = '/1/2/3/4';
const DEPTH = 4;

const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((parts) => `${TOP}/${parts.join('/')}`);

const treeCommand: fc.Arbitrary<TreeCommand> = fc.record({
  op: fc.constantFrom(...OPERATIONS),
  path,
  other: path,
  target: fc.constantFrom('a', 'b', '../c', 'c/a', '../a/b', '.', '..', 'loop'),
});

function* runTree(sys: Sys, command: TreeCommand): Generator<void, unknown, void> {
  const { op, path, other, target } = command;
  switch (op) {
    case 'mkdir':
      return yield* sys.mkdir(path, 0o755);
    case 'rmdir':
      return yield* sys.rmdir(path);
    case 'create':
      return yield* sys.close(yield* sys.open(path, O_CREAT | O_EXCL | O_RDWR, 0o644));
    case 'write': {
      const fd = yield* sys.open(path, O_CREAT | O_RDWR, 0o644);
      yield* sys.write(fd, other);
      return yield* sys.close(fd);
    }
    case 'unlink':
      return yield* sys.unlink(path);
    case 'link': {
      const st = yield* sys.lstat(path);
      return (st.mode & S_IFMT) === S_IFLNK ? 'skipped' : yield* sys.link(path, other);
    }
    case 'symlink':
      return yield* sys.symlink(target, path);
    case 'readlink':
      return yield* sys.readlink(path);
    case 'rename':
      return yield* sys.rename(path, other);
    case 'stat': {
      const st = yield* sys.lstat(path);
      const isDirectory = (st.mode & S_IFMT) === S_IFDIR;
      return [st.mode & S_IFMT, isDirectory ? 'directory' : st.nlink, isDirectory ? 0 : st.size];
    }
    case 'list':
      yield* sys.close(yield* sys.open(path, O_DIRECTORY));
      return yield* names(sys, path);
    case 'truncate':
      return yield* sys.truncate(path, other.length);
  }
}

function runHost(root: string, command: TreeCommand): unknown {
  const { op, target } = command;
  const path = root + command.path;
  const other = root + command.other;
  switch (op) {
    case 'mkdir':
      return fs.mkdirSync(path, 0o755);
    case 'rmdir':
      return fs.rmdirSync(path);
    case 'create':
      return fs.closeSync(fs.openSync(path, 'wx'));
    case 'write': {
      const fd = fs.openSync(path, fs.constants.O_CREAT | fs.constants.O_RDWR, 0o644);
      fs.writeSync(fd, command.other);
      return fs.closeSync(fd);
    }
    case 'unlink':
      return fs.unlinkSync(path);
    case 'link':
      return fs.lstatSync(path).isSymbolicLink() ? 'skipped' : fs.linkSync(path, other);
    case 'symlink':
      return fs.symlinkSync(target, path);
    case 'readlink':
      return fs.readlinkSync(path);
    case 'rename':
      return fs.renameSync(path, other);
    case 'stat': {
      const st = fs.lstatSync(path);
      const isDirectory = st.isDirectory();
      return [st.mode & S_IFMT, isDirectory ? 'directory' : st.nlink, isDirectory ? 0 : st.size];
    }
    case 'list':
      return fs.readdirSync(path).sort();
    case 'truncate':
      return fs.truncateSync(path, command.other.length);
  }
}

function hostResult(root: string, command: TreeCommand): unknown {
  try {
    return runHost(root, command);
  } catch (error) {
    return new Failed((error as NodeJS.ErrnoException).code ?? String(error));
  }
}

class Failed {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

function* kernelResult(sys: Sys, command: TreeCommand): Generator<void, unknown, void> {
  try {
    return yield* runTree(sys, command);
  } catch (error) {
    if (error instanceof SysError) return new Failed(error.code);
    throw error;
  }
}

/** Errors of which POSIX lets a system choose, by operation. */
const CHOICES: Readonly<Record<string, readonly RegExp[]>> = {
  // unlink(directory): Linux says EISDIR.
  unlink: [/^(EPERM|EISDIR)$/],
  // Which of two paths is looked at first, and whether its type or its place is checked first.
  rename: [/^(ENOENT|ENOTDIR|ELOOP|EINVAL)$/, /^(ENOTEMPTY|EISDIR|EEXIST|EINVAL|ENOTDIR|ENOENT)$/],
  link: [/^(ENOENT|ENOTDIR|ELOOP|EEXIST|EPERM)$/],
};

function agree(command: TreeCommand, ours: unknown, host: unknown): void {
  const what = JSON.stringify(command);
  if (ours instanceof Failed && host instanceof Failed) {
    if (ours.code === host.code) return;
    const choices = CHOICES[command.op] ?? [];
    if (choices.some((choice) => choice.test(ours.code) && choice.test(host.code))) return;
    throw new Error(`${what}: ${ours.code}, and the host says ${host.code}`);
  }
  expect(ours, what).toEqual(host);
}

const posixHost = process.platform === 'linux' || process.platform === 'darwin';

test.skipIf(!posixHost)('a tree answers as that of the host does (POSIX hosts only)', () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'rumpus-model-'));
  let number = 0;
  try {
    fc.assert(
      fc.property(fc.array(treeCommand, { minLength: 5, maxLength: 40 }), (commands) => {
        const root = join(base, String(number++));
        fs.mkdirSync(root + TOP, { recursive: true });
        passes({ components: [tmpfs], ncpu: 1, replay: 'left out' }, function* main(sys) {
          for (let i = 1; i <= DEPTH; i++) yield* sys.mkdir(TOP.slice(0, 2 * i), 0o755);
          for (const command of commands) {
            agree(command, yield* kernelResult(sys, command), hostResult(root, command));
          }
        });
      }),
      { numRuns: 200, seed: 3 },
    );
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
});

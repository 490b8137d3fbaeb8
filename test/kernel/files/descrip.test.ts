/** Descriptors one at a time: numbers, limits, flags, tables of processes. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { fails } from '../../../kernel/fails.ts';
import {
  F_CLOSEM,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_MAXFD,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
} from '../../../kernel/kern/fcntl.ts';
import { FIOCLEX, FIONBIO, FIONREAD } from '../../../kernel/kern/file.ts';
import { files } from '../../../kernel/kern/file_syscalls.ts';
import { fd_closeexec } from '../../../kernel/kern/kern_descrip_proc.ts';
import { RUMP_RFCFDG, RUMP_RFFDG } from '../../../kernel/kern/kern_fork.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY } from '../../../kernel/vfs/fcntl.ts';
import { S_IFCHR, S_IFIFO, S_IFMT } from '../../../kernel/vfs/stat.ts';
import { curkernel } from '../../../kernel/world/current.ts';
import { passes } from '../harness.ts';

type Body = (sys: Sys) => Generator<void, unknown, void>;

function claim(name: string, body: Body): void {
  test(name, () => {
    passes({ components: [files], ncpu: 1 }, body);
  });
}

function* code(call: () => MaySleep<unknown>): Generator<void, string, void> {
  return (yield* fails(call)).code;
}

claim('0, 1 and 2 are the console; new descriptors are the lowest free (dup(2))', function* (sys) {
  expect((yield* sys.fstat(1)).mode & S_IFMT).toBe(S_IFCHR);
  expect(yield* sys.write(1, 'to the console\n')).toBe(15);
  expect(yield* sys.read(0, new Uint8Array(4))).toBe(0);
  expect(yield* sys.pipe()).toEqual([3, 4]);
  yield* sys.close(0);
  expect(yield* sys.dup(3)).toBe(0);
  expect(yield* sys.dup(3)).toBe(5);
});

claim('a descriptor that is not open is EBADF everywhere', function* (sys) {
  const buf = new Uint8Array(1);
  for (const fd of [-1, 3, 7, 100, 1e9, 1.5, Number.NaN]) {
    expect(yield* code(() => sys.read(fd, buf))).toBe('EBADF');
    expect(yield* code(() => sys.write(fd, 'x'))).toBe('EBADF');
    expect(yield* code(() => sys.close(fd))).toBe('EBADF');
    expect(yield* code(() => sys.dup(fd))).toBe('EBADF');
    expect(yield* code(() => sys.dup2(0, fd === 3 || fd === 7 || fd === 100 ? -1 : fd))).toBe(
      'EBADF',
    );
    expect(yield* code(() => sys.fcntl(fd, F_GETFD))).toBe('EBADF');
    expect(yield* code(() => sys.fstat(fd))).toBe('EBADF');
    expect(yield* code(() => sys.lseek(fd, 0, 0))).toBe('EBADF');
    expect(yield* code(() => sys.ioctl(fd, FIONREAD))).toBe('EBADF');
  }
});

claim('the table grows to the limit, then EMFILE; closing makes room (open(2))', function* (sys) {
  curkernel().files!.nofile = 200;
  for (let fd = 3; fd < 200; fd++) expect(yield* sys.dup(0)).toBe(fd);
  expect(yield* code(() => sys.dup(0))).toBe('EMFILE');
  expect(yield* code(() => sys.pipe())).toBe('EMFILE');
  yield* sys.close(63);
  expect(yield* code(() => sys.pipe())).toBe('EMFILE');
  yield* sys.close(31);
  expect(yield* sys.pipe()).toEqual([31, 63]);
});

claim(
  'too many open files of the whole kernel are ENFILE, and leave nothing (open(2))',
  function* (sys) {
    yield* sys.dup(0);
    const record = curkernel().files!;
    const before = record.nfiles;
    record.nfiles = record.maxfiles - 1;
    expect(yield* code(() => sys.pipe())).toBe('ENFILE');
    expect(record.nfiles).toBe(record.maxfiles - 1);
    record.nfiles = before;
    expect(yield* sys.fcntl(0, F_MAXFD)).toBe(3);
    expect(yield* sys.dup(0)).toBe(4);
  },
);

claim('dup and dup2 share the file, its flags and offset (dup(2))', function* (sys) {
  const [r, w] = yield* sys.pipe();
  const again = yield* sys.dup(r);
  yield* sys.fcntl(r, F_SETFL, O_NONBLOCK);
  expect((yield* sys.fcntl(again, F_GETFL)) & O_NONBLOCK).toBe(O_NONBLOCK);
  expect(yield* sys.dup2(w, 40)).toBe(40);
  expect(yield* sys.dup2(40, 40)).toBe(40);
  yield* sys.close(w);
  expect(yield* sys.write(40, 'ab')).toBe(2);
  expect(yield* sys.read(again, new Uint8Array(1))).toBe(1);
  expect(yield* sys.read(r, new Uint8Array(5))).toBe(1);
  yield* sys.close(40);
  expect(yield* sys.read(r, new Uint8Array(5))).toBe(0);
});

claim('dup3 and pipe2 set close-on-exec and non-blocking mode (pipe2(2))', function* (sys) {
  const [r, w] = yield* sys.pipe2(O_CLOEXEC | O_NONBLOCK);
  expect(yield* sys.fcntl(r, F_GETFD)).toBe(FD_CLOEXEC);
  expect(yield* sys.fcntl(w, F_GETFL)).toBe(O_WRONLY | O_NONBLOCK);
  expect(yield* sys.fcntl(r, F_GETFL)).toBe(O_RDONLY | O_NONBLOCK);
  expect(yield* sys.dup3(r, 9, 0)).toBe(9);
  expect(yield* sys.fcntl(9, F_GETFD)).toBe(0);
  expect(yield* code(() => sys.dup3(r, 9, 0x1000000))).toBe('EINVAL');
  expect(yield* code(() => sys.pipe2(0x1000000))).toBe('EINVAL');
});

claim(
  'fcntl: F_DUPFD takes the lowest from a number, F_SETFD and F_GETFD the flag',
  function* (sys) {
    expect(yield* sys.fcntl(0, F_DUPFD, 10)).toBe(10);
    expect(yield* sys.fcntl(0, F_DUPFD, 10)).toBe(11);
    expect(yield* sys.fcntl(0, F_DUPFD_CLOEXEC, 2)).toBe(3);
    expect(yield* sys.fcntl(3, F_GETFD)).toBe(FD_CLOEXEC);
    expect(yield* sys.fcntl(3, F_SETFD, 0)).toBe(0);
    expect(yield* sys.fcntl(3, F_GETFD)).toBe(0);
    expect(yield* code(() => sys.fcntl(0, F_DUPFD, -1))).toBe('EINVAL');
    expect(yield* code(() => sys.fcntl(0, F_DUPFD, 100_000))).toBe('EINVAL');
    expect(yield* code(() => sys.fcntl(0, 999))).toBe('EINVAL');
    expect(yield* sys.fcntl(0, F_MAXFD)).toBe(11);
    yield* sys.fcntl(3, F_CLOSEM);
    expect(yield* sys.fcntl(0, F_MAXFD)).toBe(2);
  },
);

claim('ioctl: FIOCLEX, FIONBIO and FIONREAD (ioctl(2))', function* (sys) {
  const [r, w] = yield* sys.pipe();
  yield* sys.ioctl(r, FIOCLEX);
  expect(yield* sys.fcntl(r, F_GETFD)).toBe(FD_CLOEXEC);
  yield* sys.ioctl(r, FIONBIO, { value: 1 });
  expect(yield* code(() => sys.read(r, new Uint8Array(1)))).toBe('EAGAIN');
  yield* sys.write(w, 'four');
  const count = { value: 0 };
  yield* sys.ioctl(r, FIONREAD, count);
  expect(count.value).toBe(4);
  expect(yield* code(() => sys.ioctl(r, 0x1234))).toBe('ENOTTY');
});

claim('vectors are read and written in order; none is EINVAL (readv(2))', function* (sys) {
  const [r, w] = yield* sys.pipe();
  expect(yield* sys.writev(w, ['he', new Uint8Array(0), 'llo'] as never)).toBe(5);
  const a = new Uint8Array(2);
  const b = new Uint8Array(10);
  expect(yield* sys.readv(r, [a, b])).toBe(5);
  expect(new TextDecoder().decode(a) + new TextDecoder().decode(b.subarray(0, 3))).toBe('hello');
  expect(yield* code(() => sys.readv(r, []))).toBe('EINVAL');
  expect(yield* code(() => sys.writev(w, new Array(1025).fill(a)))).toBe('EINVAL');
});

claim('what cannot seek is ESPIPE for pread, pwrite and lseek', function* (sys) {
  const [r, w] = yield* sys.pipe();
  expect(yield* code(() => sys.pread(r, new Uint8Array(1), 0))).toBe('ESPIPE');
  expect(yield* code(() => sys.pwrite(w, 'x', 0))).toBe('ESPIPE');
  expect(yield* code(() => sys.lseek(r, 0, 0))).toBe('ESPIPE');
  expect(yield* code(() => sys.read(w, new Uint8Array(1)))).toBe('EBADF');
  expect(yield* code(() => sys.write(r, 'x'))).toBe('EBADF');
});

claim('a child has a copy of the table, an empty one, or the same one (rfork(2))', function* (sys) {
  const [r, w] = yield* sys.pipe();
  const seen: Record<string, unknown> = {};
  const child = (name: string) =>
    function* (): Generator<void, void, void> {
      seen[name] = yield* sys.fcntl(0, F_MAXFD);
      if (name !== 'empty') yield* sys.close(r);
    };
  for (const [name, flags] of [
    ['empty', RUMP_RFCFDG],
    ['copy', RUMP_RFFDG],
    ['same', 0],
  ] as const) {
    const pid = yield* sys.rfork(flags, child(name), undefined);
    yield* sys.waitpid(pid, 0);
    seen[`${name}, then`] = (yield* sys.fcntl(0, F_MAXFD)) === w;
    if (name !== 'same') yield* sys.fcntl(r, F_GETFD);
  }
  expect(seen).toEqual({
    empty: 2,
    'empty, then': true,
    copy: w,
    'copy, then': true,
    same: w,
    'same, then': true,
  });
  expect(yield* code(() => sys.fcntl(r, F_GETFD))).toBe('EBADF');
});

claim('a process that ends closes its files: its pipe says the end (exit(3))', function* (sys) {
  const [r, w] = yield* sys.pipe();
  const pid = yield* sys.rfork(RUMP_RFFDG, () => sys.write(w, 'last words'), undefined);
  yield* sys.close(w);
  yield* sys.waitpid(pid, 0);
  const buf = new Uint8Array(20);
  expect(yield* sys.read(r, buf)).toBe(10);
  expect(yield* sys.read(r, buf)).toBe(0);
  expect((yield* sys.fstat(r)).mode & S_IFMT).toBe(S_IFIFO);
});

claim('exec would close what is marked, and nothing else (fd_closeexec)', function* (sys) {
  const [r, w] = yield* sys.pipe2(O_CLOEXEC);
  const kept = yield* sys.dup(r);
  yield* fd_closeexec();
  expect(yield* code(() => sys.fcntl(r, F_GETFD))).toBe('EBADF');
  expect(yield* code(() => sys.fcntl(w, F_GETFD))).toBe('EBADF');
  expect(yield* sys.fcntl(kept, F_GETFD)).toBe(0);
});

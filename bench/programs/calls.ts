/** `calls WINDOWS OPERATIONS NAME`: one system call, or one pair, again and again. */

import {
  type MaySleep,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  program,
  rumpuser_dprintf,
  type Sys,
} from 'rumpus';

const PAGE = 4096;

interface Work {
  readonly sys: Sys;
  readonly fd: number;
  readonly page: Uint8Array;
}

function* getpid({ sys }: Work, count: number) {
  for (let i = 0; i < count; i++) yield* sys.getpid();
}

function* pread({ sys, fd, page }: Work, count: number) {
  for (let i = 0; i < count; i++) yield* sys.pread(fd, page, 0);
}

function* pwrite({ sys, fd, page }: Work, count: number) {
  for (let i = 0; i < count; i++) yield* sys.pwrite(fd, page, 0);
}

function* openClose({ sys }: Work, count: number) {
  for (let i = 0; i < count; i++) yield* sys.close(yield* sys.open('/dir/file', O_RDONLY));
}

function* stat({ sys }: Work, count: number) {
  for (let i = 0; i < count; i++) yield* sys.stat('/dir/file');
}

function* mkdirRmdir({ sys }: Work, count: number) {
  for (let i = 0; i < count; i++) {
    yield* sys.mkdir('/dir/new', 0o755);
    yield* sys.rmdir('/dir/new');
  }
}

/** The calls that a build or a server makes, in about its proportions. */
function* mixed({ sys, fd, page }: Work, count: number) {
  for (let i = 0; i < count; i++) {
    yield* sys.stat('/dir/file');
    const other = yield* sys.open('/dir/other', O_CREAT | O_RDWR, 0o644);
    yield* sys.write(other, page);
    yield* sys.pread(fd, page, 0);
    yield* sys.getpid();
    yield* sys.close(other);
    yield* sys.mkdir('/dir/new', 0o755);
    yield* sys.rename('/dir/other', '/dir/new/other');
    yield* sys.unlink('/dir/new/other');
    yield* sys.rmdir('/dir/new');
  }
}

const WORK: Readonly<Record<string, (work: Work, count: number) => MaySleep<void>>> = {
  getpid,
  pread,
  pwrite,
  openClose,
  stat,
  mkdirRmdir,
  mixed,
};

export default program(function* main(sys, { args }) {
  const [windows, operations] = args.map(Number);
  const run = WORK[args[2]];
  const page = new Uint8Array(PAGE).fill(7);
  yield* sys.mkdir('/dir', 0o755);
  const fd = yield* sys.open('/dir/file', O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, page);
  const work: Work = { sys, fd, page };
  for (let i = 0; i < windows; i++) {
    rumpuser_dprintf('lap');
    yield* run(work, operations);
  }
  rumpuser_dprintf('lap');
});

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { fails } from '../../../kernel/fails.ts';
import { tmpfs } from '../../../kernel/fs/tmpfs/index.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../../kernel/kern/kern_lwp.ts';
import type { Lwp } from '../../../kernel/kern/lwp.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { makedev } from '../../../kernel/dev/conf.ts';
import { O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from '../../../kernel/vfs/fcntl.ts';
import { S_IFCHR } from '../../../kernel/vfs/stat.ts';
import { curlwp } from '../../../kernel/world/current.ts';
import { passes } from '../harness.ts';

const components = [tmpfs];

function start(sys: Sys, body: (sys: Sys) => MaySleep<unknown>): Lwp {
  const other = lwp_create(curlwp().proc, body, sys, 'other');
  lwp_start(other);
  return other;
}

test('open(2) of a fifo waits for the other side, whoever comes first (mkfifo(2))', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const replay = seed % 8 === 0 ? 'compared' : 'left out';
    passes({ components, seed, ncpu: 2, replay }, function* (sys) {
      yield* sys.mkfifo('/fifo', 0o600);
      const writer = start(sys, function* (s) {
        const fd = yield* s.open('/fifo', O_WRONLY);
        yield* s.write(fd, 'through');
        yield* s.close(fd);
      });
      const fd = yield* sys.open('/fifo', O_RDONLY);
      const buf = new Uint8Array(20);
      expect(yield* sys.read(fd, buf)).toBe(7);
      expect(yield* sys.read(fd, buf)).toBe(0);
      yield* sys.close(fd);
      yield* lwp_wait(curlwp(), writer.lid);
    });
  }
});

test('a fifo without waiting: ENXIO for a writer alone, a reader may come first (open(2))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkfifo('/fifo', 0o600);
    const alone = () => sys.open('/fifo', O_WRONLY | O_NONBLOCK);
    expect((yield* fails(alone)).code).toBe('ENXIO');
    const reads = yield* sys.open('/fifo', O_RDONLY | O_NONBLOCK);
    expect(yield* sys.read(reads, new Uint8Array(1))).toBe(0);
    const writes = yield* sys.open('/fifo', O_WRONLY | O_NONBLOCK);
    expect((yield* fails(() => sys.read(reads, new Uint8Array(1)))).code).toBe('EAGAIN');
    yield* sys.write(writes, 'ab');
    expect(yield* sys.read(reads, new Uint8Array(1))).toBe(1);
    expect((yield* fails(() => sys.lseek(reads, 0, 0))).code).toBe('ESPIPE');
    expect((yield* fails(() => sys.pread(reads, new Uint8Array(1), 0))).code).toBe('ESPIPE');
  });
});

test('what a fifo held is gone with its last user (fifofs)', () => {
  passes({ components }, function* (sys) {
    yield* sys.mkfifo('/fifo', 0o600);
    const both = yield* sys.open('/fifo', O_RDWR);
    yield* sys.write(both, 'lost');
    yield* sys.close(both);
    const reads = yield* sys.open('/fifo', O_RDONLY | O_NONBLOCK);
    expect(yield* sys.read(reads, new Uint8Array(1))).toBe(0);
  });
});

test('null, zero, full and random are what their manual pages say (null(4), zero(4), full(4))', () => {
  passes({ components }, function* (sys) {
    const buf = new Uint8Array(64).fill(1);
    const nul = yield* sys.open('/dev/null', O_RDWR);
    expect(yield* sys.write(nul, 'gone')).toBe(4);
    expect(yield* sys.read(nul, buf)).toBe(0);
    const zero = yield* sys.open('/dev/zero', O_RDWR);
    expect(yield* sys.read(zero, buf)).toBe(64);
    expect(buf.every((byte) => byte === 0)).toBe(true);
    const full = yield* sys.open('/dev/full', O_RDWR);
    expect((yield* fails(() => sys.write(full, 'x'))).code).toBe('ENOSPC');
    const random = yield* sys.open('/dev/urandom', O_RDONLY);
    expect(yield* sys.read(random, buf)).toBe(64);
    expect(new Set(buf).size).toBeGreaterThan(10);
  });
});

test('a device number without a driver, and a mount without devices, are ENXIO (open(2))', () => {
  passes({ components }, function* (sys) {
    yield* sys.mknod('/nodriver', S_IFCHR | 0o600, makedev(99, 0));
    expect((yield* fails(() => sys.open('/nodriver', O_RDWR))).code).toBe('ENXIO');
    expect((yield* sys.stat('/dev/null')).rdev).toBe(makedev(2, 2));
    yield* sys.mkdir('/mnt', 0o755);
    yield* sys.mount('tmpfs', '/mnt', 0x10, {});
    yield* sys.mknod('/mnt/null', S_IFCHR | 0o600, makedev(2, 2));
    expect((yield* fails(() => sys.open('/mnt/null', O_RDWR))).code).toBe('ENXIO');
  });
});

test('revoke(2) takes a device away from whoever has it open, under any name', () => {
  passes({ components }, function* (sys) {
    yield* sys.mknod('/null', S_IFCHR | 0o600, makedev(2, 2));
    const one = yield* sys.open('/dev/null', O_RDWR);
    const two = yield* sys.open('/null', O_RDWR);
    yield* sys.revoke('/dev/null');
    expect((yield* fails(() => sys.write(one, 'x'))).code).toBe('EIO');
    expect((yield* fails(() => sys.write(two, 'x'))).code).toBe('EIO');
    yield* sys.close(one);
    yield* sys.close(two);
    yield* sys.write(yield* sys.open('/dev/null', O_RDWR), 'x');
  });
});

test('creat(2) empties an old file, whose mode stays', () => {
  passes({ components }, function* (sys) {
    yield* sys.write(yield* sys.open('/f', O_CREAT | O_RDWR, 0o600), 'content');
    const fd = yield* sys.creat('/f', 0o777);
    expect((yield* sys.fstat(fd)).size).toBe(0);
    expect((yield* sys.fstat(fd)).mode & 0o777).toBe(0o600);
  });
});

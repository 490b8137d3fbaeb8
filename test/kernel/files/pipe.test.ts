/** Pipes: pipe(2), alone and under every kind of schedule. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { fails } from '../../../kernel/fails.ts';
import type { Errno } from '../../../kernel/kern/errno.ts';
import type { File } from '../../../kernel/kern/file.ts';
import { files } from '../../../kernel/kern/file_syscalls.ts';
import { cv_wait_sig } from '../../../kernel/kern/kern_condvar.ts';
import { mutex_enter, mutex_exit } from '../../../kernel/kern/kern_mutex.ts';
import { SIG_IGN, SIGPIPE, SIGUSR1 } from '../../../kernel/kern/signal.ts';
import {
  BIG_PIPE_SIZE,
  PIPE_BUF,
  PIPE_SIZE,
  type Pipe,
  pipeops,
} from '../../../kernel/kern/sys_pipe.ts';
import { O_NONBLOCK } from '../../../kernel/vfs/fcntl.ts';
import { type Uio, uiomove } from '../../../kernel/vfs/uio.ts';
import { curlwp } from '../../../kernel/world/current.ts';
import { passes, run } from '../harness.ts';
import { caught, silent, together } from '../parallel.ts';

type Body = (sys: Sys) => Generator<void, unknown, void>;

function claim(name: string, body: Body): void {
  test(name, () => {
    passes({ components: [files], ncpu: 2 }, body);
  });
}

/** Programs that are told of a broken pipe by EPIPE alone. */
function* ignoreSigpipe(sys: Sys): Generator<void, void, void> {
  yield* sys.sigaction(SIGPIPE, { handler: SIG_IGN, mask: 0, flags: 0 });
}

claim('what is written is read, in order, across the end of the buffer', function* (sys) {
  const [r, w] = yield* sys.pipe();
  const out = new Uint8Array(1000);
  const buf = new Uint8Array(1000);
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < out.length; i++) out[i] = round + i;
    expect(yield* sys.write(w, out)).toBe(1000);
    expect(yield* sys.read(r, buf.subarray(0, 700))).toBe(700);
    expect(yield* sys.read(r, buf.subarray(700))).toBe(300);
    expect(buf).toEqual(out);
  }
});

claim('short pieces in vectors of every length keep their bytes and order', function* (sys) {
  const [r, w] = yield* sys.pipe();
  let next = 0;
  for (let length = 0; length <= 20; length++) {
    for (let cut = 0; cut <= length; cut++) {
      const out = Uint8Array.from({ length }, () => next++);
      expect(yield* sys.writev(w, [out.subarray(0, cut), out.subarray(cut)])).toBe(length);
      const buf = new Uint8Array(length + 2).fill(0xee);
      const back = length - cut;
      const iov = [buf.subarray(1, 1 + back), buf.subarray(1 + back, 1 + length)];
      expect(yield* sys.readv(r, iov)).toBe(length);
      expect([...buf]).toEqual([0xee, ...out, 0xee]);
    }
  }
});

claim('the end comes when the last writer has closed and all is read (pipe(2))', function* (sys) {
  const [r, w] = yield* sys.pipe();
  const w2 = yield* sys.dup(w);
  yield* sys.write(w, 'abc');
  yield* sys.close(w);
  yield* sys.write(w2, 'def');
  yield* sys.close(w2);
  expect(yield* sys.read(r, new Uint8Array(4))).toBe(4);
  expect(yield* sys.read(r, new Uint8Array(4))).toBe(2);
  expect(yield* sys.read(r, new Uint8Array(4))).toBe(0);
});

claim('writing without a reader is EPIPE (pipe(2))', function* (sys) {
  yield* ignoreSigpipe(sys);
  const [r, w] = yield* sys.pipe();
  yield* sys.close(r);
  expect((yield* fails(() => sys.write(w, 'x'))).code).toBe('EPIPE');
  expect((yield* fails(() => sys.write(w, ''))).code).toBe('EPIPE');
});

test('writing without a reader raises SIGPIPE, which ends a process that lets it (signal(7))', () => {
  const { outcome } = run({ components: [files] }, function* (sys) {
    const [r, w] = yield* sys.pipe();
    yield* sys.close(r);
    yield* sys.write(w, 'x');
  });
  expect(`${outcome.verdict}: ${outcome.message}`).toMatch(/^program-error: .*SIGPIPE/);
});

claim(
  'without waiting: EAGAIN when empty or full, short writes between (pipe(2))',
  function* (sys) {
    const [r, w] = yield* sys.pipe2(O_NONBLOCK);
    const buf = new Uint8Array(PIPE_SIZE);
    expect((yield* fails(() => sys.read(r, buf))).code).toBe('EAGAIN');
    expect(yield* sys.write(w, new Uint8Array(PIPE_SIZE - 10))).toBe(PIPE_SIZE - 10);
    expect((yield* fails(() => sys.write(w, new Uint8Array(PIPE_BUF)))).code).toBe('EAGAIN');
    expect(yield* sys.write(w, new Uint8Array(PIPE_BUF + 1))).toBe(10);
    expect((yield* fails(() => sys.write(w, 'x'))).code).toBe('EAGAIN');
    expect(yield* sys.read(r, buf)).toBe(PIPE_SIZE);
  },
);

claim('an empty pipe takes a larger buffer for a larger write', function* (sys) {
  const [, w] = yield* sys.pipe2(O_NONBLOCK);
  expect(yield* sys.write(w, new Uint8Array(100_000))).toBe(BIG_PIPE_SIZE);
  const pipe = curlwp().proc.fd!.dt.ff[w]!.file!.data as Pipe;
  expect(pipe.size).toBe(BIG_PIPE_SIZE);
  expect((yield* sys.fstat(w)).size).toBe(BIG_PIPE_SIZE);
});

claim(
  'a signal ends a sleep with EINTR, or with a short count (read(2), write(2))',
  function* (sys) {
    const seen: unknown[] = [];
    yield* sys.sigaction(SIGUSR1, { handler: () => sys.getpid(), mask: 0, flags: 0 });
    const [r, w] = yield* sys.pipe();
    const reader = yield* sys._lwp_create(function* () {
      seen.push((yield* fails(() => sys.read(r, new Uint8Array(1)))).code);
    });
    yield* sys.nanosleep(1e6);
    yield* sys._lwp_kill(reader, SIGUSR1);
    yield* sys._lwp_wait(reader);
    const writer = yield* sys._lwp_create(function* () {
      seen.push(yield* sys.write(w, new Uint8Array(100_000)));
    });
    yield* sys.nanosleep(1e6);
    yield* sys._lwp_kill(writer, SIGUSR1);
    yield* sys._lwp_wait(writer);
    expect(seen).toEqual(['EINTR', BIG_PIPE_SIZE]);
  },
);

test('a writer that waits for room finds the reader gone: EPIPE', () => {
  silent(
    function* (sys) {
      yield* ignoreSigpipe(sys);
      const [r, w] = yield* sys.pipe();
      const writer = function* (): Generator<void, void, void> {
        const error = yield* fails(() => sys.write(w, new Uint8Array(200_000)));
        expect(error.code).toBe('EPIPE');
      };
      const reader = function* (): Generator<void, void, void> {
        yield* sys.read(r, new Uint8Array(1000));
        yield* sys.close(r);
      };
      yield* together(writer, reader);
    },
    { components: [files] },
    6,
  );
});

test('writes of PIPE_BUF bytes are never mixed, whoever writes (pipe(2))', () => {
  silent(
    function* (sys) {
      const [r, w] = yield* sys.pipe();
      yield* sys.write(w, new Uint8Array(PIPE_SIZE - 2 * PIPE_BUF));
      yield* sys.read(r, new Uint8Array(PIPE_BUF));
      const writer = (byte: number) =>
        function* (): Generator<void, void, void> {
          for (let i = 0; i < 3; i++) {
            expect(yield* sys.write(w, new Uint8Array(PIPE_BUF).fill(byte))).toBe(PIPE_BUF);
          }
        };
      const reader = function* (): Generator<void, void, void> {
        const buf = new Uint8Array(PIPE_SIZE);
        let left = PIPE_SIZE - 3 * PIPE_BUF;
        while (left > 0) left -= yield* sys.read(r, buf.subarray(0, left));
        for (let i = 0; i < 6; i++) {
          let at = 0;
          while (at < PIPE_BUF) at += yield* sys.read(r, buf.subarray(at, PIPE_BUF));
          expect(buf.subarray(0, PIPE_BUF).every((byte) => byte === buf[0])).toBe(true);
        }
      };
      yield* together(writer(1), writer(2), reader);
    },
    { components: [files] },
    4,
  );
});

test('a long transfer between two LWPs arrives whole under every schedule', () => {
  const bytes = 70_000;
  silent(
    function* (sys) {
      const [r, w] = yield* sys.pipe();
      const writer = function* (): Generator<void, void, void> {
        const data = Uint8Array.from({ length: bytes }, (_, i) => i * 7);
        expect(yield* sys.write(w, data)).toBe(bytes);
        yield* sys.close(w);
      };
      const reader = function* (): Generator<void, void, void> {
        const all = new Uint8Array(bytes + 1);
        let at = 0;
        for (;;) {
          const count = yield* sys.read(r, all.subarray(at, at + 9000));
          if (count === 0) break;
          at += count;
        }
        expect(at).toBe(bytes);
        expect(all[bytes - 1]).toBe(((bytes - 1) * 7) & 0xff);
      };
      yield* together(writer, reader);
    },
    { components: [files] },
    4,
  );
});

/** The buggy twin: a reader that makes room and wakes nobody. */
function* forgetfulRead(fp: File, uio: Uio): Generator<void, Errno | undefined, void> {
  const pipe = fp.data as Pipe;
  yield* mutex_enter(pipe.lock);
  while (pipe.count === 0 && pipe.writers > 0) yield* cv_wait_sig(pipe.rcv, pipe.lock);
  const n = Math.min(pipe.count, pipe.size - pipe.out, uio.resid);
  if (n > 0) uiomove(pipe.buffer!, pipe.out, n, uio);
  pipe.count -= n;
  pipe.out = (pipe.out + n) % pipe.size;
  mutex_exit(pipe.lock);
  return undefined;
}

test('a reader that wakes no writer is caught as a lost wakeup', () => {
  const main: Body = function* (sys) {
    const [r, w] = yield* sys.pipe();
    curlwp().proc.fd!.dt.ff[r]!.file!.ops = { ...pipeops, read: forgetfulRead };
    const writer = function* (): Generator<void, void, void> {
      for (let i = 0; i < 2; i++) yield* sys.write(w, new Uint8Array(PIPE_SIZE));
    };
    const reader = function* (): Generator<void, void, void> {
      let left = 2 * PIPE_SIZE;
      while (left > 0) left -= yield* sys.read(r, new Uint8Array(left));
    };
    yield* together(writer, reader);
  };
  caught(main, 'lost-wakeup', /t0\) on pipe_wr/, { components: [files] }, 8);
});

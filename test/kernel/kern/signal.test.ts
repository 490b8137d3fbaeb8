/** Signals: kill(2), sigaction(2), sigprocmask(2), sigsuspend(2). */

import { expect, test } from 'vitest';
import {
  curlwp,
  SA_RESETHAND,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SIGCHLD,
  SIGKILL,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
  SIGUSR2,
  sigmask,
} from '../../../kernel/index.ts';
import type { Sys } from '../../../kernel/api.ts';
import { passes, run } from '../harness.ts';
import { codeOf, silent, together } from '../parallel.ts';

const BARE = { components: [] };

function* catchInto(sys: Sys, sig: number, got: number[]): Generator<void, void, void> {
  yield* sys.sigaction(sig, function* handler(n: number) {
    got.push(n);
  });
}

test('a handler has run when kill of oneself returns (kill(2))', () => {
  passes(BARE, function* main(sys) {
    const got: number[] = [];
    yield* catchInto(sys, SIGUSR1, got);
    yield* sys.kill(yield* sys.getpid(), SIGUSR1);
    expect(got).toEqual([SIGUSR1]);
    yield* sys.kill(0, SIGUSR1);
    expect(got).toEqual([SIGUSR1, SIGUSR1]);
  });
});

test('nanosleep returns EINTR with the time that was left (nanosleep(2))', () => {
  silent(
    function* main(sys) {
      const got: number[] = [];
      yield* catchInto(sys, SIGUSR1, got);
      const sleeper = { lid: 0 };
      yield* together(
        function* sleep() {
          sleeper.lid = yield* sys._lwp_self();
          const left = { timeNs: 0 };
          const code = yield* codeOf(() => sys.nanosleep(10e9, left));
          if (code !== 'EINTR') throw new Error(`nanosleep: ${code}`);
          if (left.timeNs <= 8e9 || left.timeNs >= 10e9) throw new Error(`left ${left.timeNs}`);
          if (got.length !== 1) throw new Error('the handler has not run');
        },
        function* kill() {
          yield* sys.nanosleep(1e9);
          yield* sys._lwp_kill(sleeper.lid, SIGUSR1);
        },
      );
    },
    {},
    8,
  );
});

test('a blocked signal stays pending until it is unblocked (sigprocmask(2))', () => {
  passes(BARE, function* main(sys) {
    const got: number[] = [];
    yield* catchInto(sys, SIGUSR1, got);
    expect(yield* sys.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1))).toBe(0);
    yield* sys.kill(1, SIGUSR1);
    yield* sys.kill(1, SIGUSR1);
    expect(got).toEqual([]);
    expect(yield* sys.sigpending()).toBe(sigmask(SIGUSR1));
    expect(yield* sys.sigprocmask(SIG_UNBLOCK, sigmask(SIGUSR1))).toBe(sigmask(SIGUSR1));
    expect(got).toEqual([SIGUSR1]);
    expect(yield* sys.sigpending()).toBe(0);
    yield* sys.sigprocmask(SIG_SETMASK, -1);
    expect(curlwp().sigmask & (sigmask(SIGKILL) | sigmask(SIGSTOP))).toBe(0);
  });
});

test('sigsuspend waits with its own mask and restores the old one (sigsuspend(2))', () => {
  silent(
    function* main(sys) {
      const got: number[] = [];
      yield* catchInto(sys, SIGUSR1, got);
      const waiter = { lid: 0 };
      yield* together(
        function* wait() {
          yield* sys.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1));
          waiter.lid = yield* sys._lwp_self();
          const code = yield* codeOf(() => sys.sigsuspend(0));
          if (code !== 'EINTR' || got.length !== 1) throw new Error('not woken by the signal');
          if (curlwp().sigmask !== sigmask(SIGUSR1)) throw new Error('the mask is not restored');
        },
        function* send() {
          yield* sys.nanosleep(1e6);
          yield* sys._lwp_kill(waiter.lid, SIGUSR1);
        },
      );
    },
    {},
    8,
  );
});

test('while a handler runs its signal is blocked, unless SA_RESETHAND gave it up (sigaction(2))', () => {
  passes(BARE, function* main(sys) {
    const depth = { now: 0, most: 0, calls: 0 };
    yield* sys.sigaction(SIGUSR2, function* handler() {
      depth.now++;
      depth.calls++;
      depth.most = Math.max(depth.most, depth.now);
      if (depth.calls < 3) yield* sys.kill(1, SIGUSR2);
      depth.now--;
    });
    yield* sys.kill(1, SIGUSR2);
    expect(depth).toEqual({ now: 0, most: 1, calls: 3 });
    const got: number[] = [];
    const handler = function* once(n: number): Generator<void, void, void> {
      got.push(n);
    };
    yield* sys.sigaction(SIGCHLD, { handler, mask: 0, flags: SA_RESETHAND });
    yield* sys.kill(1, SIGCHLD);
    yield* sys.kill(1, SIGCHLD);
    expect(got).toEqual([SIGCHLD]);
  });
});

test('ignored signals do not interrupt; SIGCHLD is ignored by default (signal(7))', () => {
  passes(BARE, function* main(sys) {
    const old = yield* sys.sigaction(SIGUSR1, SIG_IGN);
    expect(old.handler).toBe(SIG_DFL);
    yield* together(
      function* sleep() {
        yield* sys.nanosleep(1e9);
      },
      function* kill() {
        yield* sys.nanosleep(1e6);
        yield* sys.kill(1, SIGUSR1);
        yield* sys.kill(1, SIGCHLD);
      },
    );
  });
});

test('SIGKILL and SIGSTOP can be neither caught nor ignored (sigaction(2))', () => {
  passes(BARE, function* main(sys) {
    expect(yield* codeOf(() => sys.sigaction(SIGKILL, SIG_IGN))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.sigaction(SIGSTOP, function* h() {}))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.sigaction(77, SIG_IGN))).toBe('EINVAL');
  });
});

test('kill: EINVAL, ESRCH and EPERM as in kill(2)', () => {
  passes(BARE, function* main(sys) {
    expect(yield* codeOf(() => sys.kill(1, 99))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.kill(4711, SIGTERM))).toBe('ESRCH');
    expect(yield* codeOf(() => sys.kill(-1, SIGTERM))).toBe('ESRCH');
    expect(yield* codeOf(() => sys.kill(1, 0))).toBe('');
    yield* sys.rfork(0, function* child() {
      yield* sys.setuid(1000);
      expect(yield* codeOf(() => sys.kill(1, SIGTERM))).toBe('EPERM');
    });
    yield* sys.wait4(-1);
  });
});

test('a fatal signal ends the process; for the program it is its error (signal(7))', () => {
  passes(BARE, function* main(sys) {
    const pid = yield* sys.rfork(0, function* child() {
      yield* sys.nanosleep(100e9);
    });
    yield* sys.nanosleep(1e6);
    yield* sys.kill(pid, SIGKILL);
    expect(yield* sys.wait4(pid)).toEqual({ pid, status: SIGKILL });
  });
  const { outcome } = run(BARE, function* main(sys) {
    yield* sys.kill(1, SIGTERM);
  });
  expect(outcome.verdict).toBe('program-error');
  expect(outcome.message).toBe('the program was killed by signal 15 (SIGTERM)');
});

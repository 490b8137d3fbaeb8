/** Processes: rfork, wait4(2), _exit(2), credentials, reboot(2); and the LWPs of a process. */

import { expect, test } from 'vitest';
import {
  curlwp,
  EDEADLK,
  isErrno,
  LWP_DETACHED,
  LWP_SUSPENDED,
  lwp_wait,
  RB_AUTOBOOT,
  RB_HALT,
  RUMP_RFCFDG,
  RUMP_RFFDG,
  SIGUSR1,
  WEXITSTATUS,
  WIFEXITED,
  WIFSIGNALED,
  WNOHANG,
  WTERMSIG,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';
import { codeOf, silent } from '../parallel.ts';

const BARE = { components: [] };

test('a child has its own pid, its parent waits for its exit code (wait4(2))', () => {
  silent(
    function* main(sys) {
      const seen: number[] = [];
      const pid = yield* sys.rfork(
        RUMP_RFFDG,
        function* child(arg: number) {
          seen.push(yield* sys.getpid(), yield* sys.getppid(), arg);
          return 3;
        },
        9,
      );
      const { pid: who, status } = yield* sys.wait4(pid);
      if (who !== pid || !WIFEXITED(status) || WEXITSTATUS(status) !== 3) throw new Error('wait4');
      if (seen.join() !== `${pid},1,9`) throw new Error(seen.join());
      if ((yield* codeOf(() => sys.wait4(-1))) !== 'ECHILD') throw new Error('waited twice');
    },
    {},
    8,
  );
});

test('wait4 with WNOHANG does not wait; status tells of signals (wait4(2))', () => {
  passes(BARE, function* main(sys) {
    const pid = yield* sys.rfork(RUMP_RFCFDG, function* child() {
      yield* sys.nanosleep(1e9);
    });
    expect(yield* sys.waitpid(pid, WNOHANG)).toEqual({ pid: 0, status: 0 });
    yield* sys.kill(pid, SIGUSR1);
    const { status } = yield* sys.waitpid(-1);
    expect(WIFSIGNALED(status)).toBe(true);
    expect(WTERMSIG(status)).toBe(SIGUSR1);
    expect(yield* codeOf(() => sys.rfork(RUMP_RFCFDG | RUMP_RFFDG, function* f() {}))).toBe(
      'EINVAL',
    );
  });
});

test('_exit ends the process from any depth and LWP, and its other LWPs (_exit(2))', () => {
  silent(
    function* main(sys) {
      const pid = yield* sys.rfork(0, function* child() {
        yield* sys._lwp_create(function* sleeper() {
          yield* sys.nanosleep(100e9);
          throw new Error('it lives on');
        });
        yield* sys._lwp_create(function* leaver() {
          yield* deep(5);
        });
        yield* sys._lwp_park();
        throw new Error('main lives on');
      });
      function* deep(n: number): Generator<void, void, void> {
        if (n > 0) yield* deep(n - 1);
        else yield* sys._exit(7);
      }
      const { status } = yield* sys.wait4(pid);
      if (WEXITSTATUS(status) !== 7) throw new Error(`status ${status}`);
      if ((yield* sys.clock_gettime(3)) > 50e9) throw new Error('the sleeper was waited for');
    },
    {},
    8,
  );
});

test('a program that exits with a status has failed, with 0 it has passed', () => {
  const exit = (status: number) =>
    run(BARE, function* main(sys) {
      yield* sys._exit(status);
    }).outcome;
  expect(exit(0).verdict).toBe('passed');
  expect(exit(4)).toMatchObject({
    verdict: 'program-error',
    message: 'the program exited with status 4',
  });
});

test('orphans become children of the first process (init(8))', () => {
  passes(BARE, function* main(sys) {
    const grandchild = { pid: 0 };
    const pid = yield* sys.rfork(0, function* child() {
      grandchild.pid = yield* sys.rfork(0, function* late() {
        yield* sys.nanosleep(1e9);
        return yield* sys.getppid();
      });
    });
    yield* sys.wait4(pid);
    expect(yield* sys.wait4(-1)).toEqual({ pid: grandchild.pid, status: 1 << 8 });
  });
});

test('ids change as setuid(2), seteuid(2) and setreuid(2) allow', () => {
  passes(BARE, function* main(sys) {
    yield* sys.rfork(0, function* child() {
      expect(yield* sys.issetugid()).toBe(0);
      yield* sys.setgroups([1, 2]);
      expect(yield* sys.getgroups()).toEqual([1, 2]);
      yield* sys.setgid(100);
      yield* sys.setreuid(10, 20);
      expect([yield* sys.getuid(), yield* sys.geteuid()]).toEqual([10, 20]);
      expect(yield* codeOf(() => sys.setuid(0))).toBe('EPERM');
      expect(yield* codeOf(() => sys.setgid(0))).toBe('EPERM');
      expect(yield* codeOf(() => sys.setgroups([0]))).toBe('EPERM');
      yield* sys.seteuid(10);
      yield* sys.seteuid(20);
      yield* sys.setuid(10);
      expect(yield* codeOf(() => sys.seteuid(20))).toBe('EPERM');
      expect([yield* sys.getgid(), yield* sys.getegid()]).toEqual([100, 100]);
      expect(yield* sys.issetugid()).toBe(1);
    });
    yield* sys.wait4(-1);
    expect([yield* sys.getuid(), yield* sys.geteuid()]).toEqual([0, 0]);
    expect(yield* codeOf(() => sys.setuid(-5))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.setgroups(new Array(17).fill(0)))).toBe('EINVAL');
  });
});

test('reboot ends the run with verdict reboot, for the superuser only (reboot(2))', () => {
  const reboot = (uid: number, howto: number) =>
    run(BARE, function* main(sys) {
      yield* sys.setuid(uid);
      yield* sys.reboot(howto);
    }).outcome;
  expect(reboot(0, RB_AUTOBOOT)).toMatchObject({ verdict: 'reboot', message: /rebooted/ });
  expect(reboot(0, RB_HALT)).toMatchObject({ verdict: 'reboot', message: /halted/ });
  expect(reboot(5, RB_HALT)).toMatchObject({ verdict: 'program-error', message: /EPERM/ });
});

test('_lwp_wait takes an LWP away once; ESRCH, EINVAL and EDEADLK as in _lwp_wait(2)', () => {
  silent(
    function* main(sys) {
      const a = yield* sys._lwp_create(function* f() {});
      if ((yield* sys._lwp_wait(a)) !== a) throw new Error('another LWP');
      if ((yield* codeOf(() => sys._lwp_wait(a))) !== 'ESRCH') throw new Error('taken twice');
      const b = yield* sys._lwp_create(
        function* f() {
          yield* sys.nanosleep(1e6);
        },
        undefined,
        LWP_DETACHED,
      );
      if ((yield* codeOf(() => sys._lwp_wait(b))) !== 'EINVAL') throw new Error('detached');
      if ((yield* codeOf(() => sys._lwp_wait(1))) !== 'EDEADLK') throw new Error('itself');
      const codes: string[] = [];
      const c = yield* sys._lwp_create(function* f() {
        codes.push(yield* codeOf(() => sys._lwp_wait(1)));
      });
      codes.push(yield* codeOf(() => sys._lwp_wait(c)));
      if (codes.filter((code) => code === 'EDEADLK').length !== 1) throw new Error(codes.join());
      const d = yield* sys._lwp_create(function* f() {});
      if ((yield* sys._lwp_wait(0)) !== d) throw new Error('any');
    },
    {},
    12,
  );
});

test('two LWPs that wait for each other: the second gets EDEADLK (_lwp_wait(2))', () => {
  passes(BARE, function* main() {
    const l = curlwp();
    expect(yield* lwp_wait(l, l.lid)).toBe(EDEADLK);
  });
});

test('a suspended LWP runs when it is continued (_lwp_suspend(2))', () => {
  silent(
    function* main(sys) {
      const ran: string[] = [];
      const lid = yield* sys._lwp_create(
        function* f() {
          ran.push('created');
          yield* sys.nanosleep(1e6);
          ran.push('slept');
        },
        undefined,
        LWP_SUSPENDED,
      );
      yield* sys.nanosleep(1e6);
      if (ran.length !== 0) throw new Error('it runs');
      yield* sys._lwp_continue(lid);
      yield* sys._lwp_wait(lid);
      if (ran.join() !== 'created,slept') throw new Error(ran.join());
      if ((yield* codeOf(() => sys._lwp_suspend(1))) !== 'EDEADLK') throw new Error('EDEADLK');
      if ((yield* codeOf(() => sys._lwp_continue(77))) !== 'ESRCH') throw new Error('ESRCH');
    },
    {},
    8,
  );
});

test('an LWP suspended in a system call stops on its way out (_lwp_suspend(2))', () => {
  passes(BARE, function* main(sys) {
    const got: string[] = [];
    const lid = yield* sys._lwp_create(function* f() {
      got.push(yield* codeOf(() => sys.nanosleep(60e9)));
    });
    yield* sys.nanosleep(1e6);
    yield* sys._lwp_suspend(lid);
    yield* sys.nanosleep(1e9);
    expect(got).toEqual([]);
    yield* sys._lwp_continue(lid);
    yield* sys._lwp_wait(lid);
    expect(got).toEqual(['EINTR']);
  });
});

test('an unpark that comes first makes the next park return EALREADY (_lwp_park(2))', () => {
  passes(BARE, function* main(sys) {
    const lid = yield* sys._lwp_self();
    yield* sys._lwp_unpark(lid);
    expect(yield* codeOf(() => sys._lwp_park())).toBe('EALREADY');
    expect(yield* codeOf(() => sys._lwp_park(1e6))).toBe('ETIMEDOUT');
    expect(yield* codeOf(() => sys._lwp_park(0, 99))).toBe('ESRCH');
    expect(yield* codeOf(() => sys._lwp_unpark(99))).toBe('ESRCH');
    expect(yield* codeOf(() => sys._lwp_wakeup(lid))).toBe('ENODEV');
    yield* sys._lwp_unpark_all([lid, 99]);
    expect(yield* codeOf(() => sys._lwp_park())).toBe('EALREADY');
  });
});

test('no unpark is lost, under any schedule (_lwp_unpark(2))', () => {
  silent(
    function* main(sys) {
      const lid = yield* sys._lwp_self();
      const flag = { set: 0 };
      const other = yield* sys._lwp_create(function* f() {
        for (let i = 0; i < 3; i++) {
          flag.set++;
          yield* sys._lwp_unpark(lid);
        }
      });
      while (flag.set < 3) yield* codeOf(() => sys._lwp_park());
      yield* sys._lwp_wait(other);
    },
    {},
    24,
  );
});

test('_lwp_wakeup ends an interruptible sleep with EINTR (_lwp_wakeup(2))', () => {
  passes(BARE, function* main(sys) {
    const got: string[] = [];
    const lid = yield* sys._lwp_create(function* f() {
      got.push(yield* codeOf(() => sys.nanosleep(60e9)));
    });
    yield* sys.nanosleep(1e6);
    yield* sys._lwp_wakeup(lid);
    yield* sys._lwp_wait(lid);
    expect(got).toEqual(['EINTR']);
  });
});

test('_lwp_exit of the last LWP ends the process, of another only itself (_lwp_exit(2))', () => {
  passes(BARE, function* main(sys) {
    const order: string[] = [];
    const pid = yield* sys.rfork(0, function* child() {
      yield* sys._lwp_create(function* f() {
        yield* sys.nanosleep(1e6);
        order.push('second');
      });
      order.push('first');
      yield* sys._lwp_exit();
    });
    expect(yield* sys.wait4(pid)).toEqual({ pid, status: 0 });
    expect(order).toEqual(['first', 'second']);
  });
});

test('sched_yield lets the others of its CPU run first (sched_yield(2))', () => {
  passes({ ...BARE, ncpu: 1 }, function* main(sys) {
    const order: string[] = [];
    const lid = yield* sys._lwp_create(function* f() {
      order.push('other');
    });
    yield* sys.sched_yield();
    order.push('main');
    yield* sys._lwp_wait(lid);
    expect(order).toEqual(['other', 'main']);
    expect(isErrno(yield* sys.sched_yield())).toBe(false);
  });
});

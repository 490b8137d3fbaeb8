/** What runs later or elsewhere: softint(9), callout(9), kthread(9), workqueue(9). */

import { expect, test } from 'vitest';
import type { Main } from '../../../kernel/api.ts';
import {
  type Callout,
  callout_ack,
  callout_destroy,
  callout_expired,
  callout_halt,
  callout_init,
  callout_invoking,
  callout_pending,
  callout_reset,
  callout_schedule,
  callout_stop,
  cpu_softintr_p,
  curlwp,
  cv_broadcast,
  cv_init,
  cv_wait,
  KTHREAD_MUSTJOIN,
  kpause,
  kthread_create,
  kthread_exit,
  kthread_join,
  LSZOMB,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  PRI_NONE,
  preempt,
  SOFTINT_BIO,
  SOFTINT_CLOCK,
  SOFTINT_SERIAL,
  type Softhand,
  softint_disestablish,
  softint_establish,
  softint_schedule,
  WQ_PERCPU,
  workqueue_create,
  workqueue_destroy,
  workqueue_enqueue,
  workqueue_wait,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';
import { caught, silent, together } from '../parallel.ts';

const BARE = { components: [] };
const TICK_NS = 1e7;

/** In one step, as a softint may come between two statements of a generator. */
function scheduleAll(...handlers: Softhand[]): void {
  for (const sh of handlers) softint_schedule(sh);
}

test('a softint runs once however often it is scheduled before (softint(9))', () => {
  passes({ ...BARE, ncpu: 1 }, function* main() {
    const k = curlwp().kernel;
    const runs: boolean[] = [];
    const sh = softint_establish(
      k,
      SOFTINT_BIO,
      function* handler(arg: string) {
        runs.push(arg === 'arg' && cpu_softintr_p());
      },
      'arg',
    );
    scheduleAll(sh, sh);
    for (let i = 0; i < 3; i++) yield* preempt();
    expect(runs).toEqual([true]);
    softint_schedule(sh);
    for (let i = 0; i < 3; i++) yield* preempt();
    expect(runs).toEqual([true, true]);
    softint_disestablish(sh);
    expect(cpu_softintr_p()).toBe(false);
  });
});

test('softints of a higher level run first (softint(9))', () => {
  passes({ ...BARE, ncpu: 1 }, function* main() {
    const k = curlwp().kernel;
    const order: string[] = [];
    const establish = (level: number, name: string) =>
      softint_establish(
        k,
        level,
        function* handler() {
          order.push(name);
        },
        undefined,
      );
    const clock = establish(SOFTINT_CLOCK, 'clock');
    const serial = establish(SOFTINT_SERIAL, 'serial');
    scheduleAll(clock, serial);
    for (let i = 0; i < 4; i++) yield* preempt();
    expect(order).toEqual(['serial', 'clock']);
  });
});

test('a softint may take an adaptive mutex, and waits for it (softint(9))', () => {
  silent(
    function* main() {
      const k = curlwp().kernel;
      const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      const state = { x: 0, done: 0 };
      const cv = cv_init('softdone');
      const sh = softint_establish(
        k,
        SOFTINT_BIO,
        function* handler() {
          yield* mutex_enter(mtx);
          state.x++;
          state.done++;
          cv_broadcast(cv);
          mutex_exit(mtx);
        },
        undefined,
      );
      yield* mutex_enter(mtx);
      softint_schedule(sh);
      const before = state.x;
      yield* preempt();
      if (state.x !== before) throw new Error('the softint did not wait for the mutex');
      while (state.done === 0) yield* cv_wait(cv, mtx);
      mutex_exit(mtx);
    },
    {},
    16,
  );
});

test('a callout is called after its ticks, not before (callout(9))', () => {
  passes(BARE, function* main(sys) {
    const times: number[] = [];
    const c = callout_init(0);
    const begin = yield* sys.clock_gettime(3);
    callout_reset(
      c,
      5,
      function* fire(arg: number) {
        times.push(arg);
        times.push((yield* sys.clock_gettime(3)) - begin);
      },
      42,
    );
    expect(callout_pending(c)).toBe(true);
    yield* sys.nanosleep(4 * TICK_NS);
    expect(times).toEqual([]);
    yield* sys.nanosleep(2 * TICK_NS);
    expect(times[0]).toBe(42);
    expect(times[1]).toBeGreaterThanOrEqual(4 * TICK_NS);
    expect(times[1]).toBeLessThan(6 * TICK_NS);
    expect(callout_pending(c)).toBe(false);
    expect(callout_expired(c)).toBe(true);
    expect(callout_invoking(c)).toBe(true);
    callout_ack(c);
    expect(callout_invoking(c)).toBe(false);
    callout_destroy(c);
  });
});

test('a stopped callout is not called; callout_stop tells whether it was (callout(9))', () => {
  passes(BARE, function* main(sys) {
    const calls: number[] = [];
    const c = callout_init(0);
    function* fire(n: number): Generator<void, void, void> {
      calls.push(n);
    }
    callout_reset(c, 2, fire, 1);
    expect(callout_stop(c)).toBe(false);
    yield* sys.nanosleep(1e9);
    expect(calls).toEqual([]);
    callout_schedule(c, 2);
    callout_schedule(c, 50);
    yield* sys.nanosleep(10 * TICK_NS);
    expect(calls).toEqual([]);
    yield* sys.nanosleep(1e9);
    expect(calls).toEqual([1]);
    expect(callout_stop(c)).toBe(true);
  });
});

/** Frees what a callout uses, after stopping it in one way or another. */
function teardown(stop: (c: Callout) => Generator<void, void, void>): Main {
  return function* main(sys) {
    const owner = { freed: false };
    const c = callout_init(0);
    callout_reset(
      c,
      1,
      function* fire() {
        for (let i = 0; i < 12; i++) {
          if (owner.freed) throw new Error('the callout runs on freed data');
          yield* preempt();
        }
        callout_schedule(c, 1);
      },
      undefined,
    );
    const now = yield* sys.clock_gettime(3);
    yield* sys.nanosleep(3 * TICK_NS - (now % TICK_NS));
    yield* stop(c);
    owner.freed = true;
    yield* sys.nanosleep(5 * TICK_NS);
  };
}

function* halt(c: Callout): Generator<void, void, void> {
  yield* callout_halt(c);
}

/** The buggy twin: callout_stop() does not wait for a callout that runs. */
function* stopOnly(c: Callout): Generator<void, void, void> {
  callout_stop(c);
}

test('after callout_halt the callout neither runs nor is armed (callout(9))', () => {
  silent(teardown(halt), {}, 84);
});

test('callout_stop is not enough before freeing what the callout uses', () => {
  const verdict = 'trap' as const;
  expect(caught(teardown(stopOnly), verdict, /runs on freed data/)).toBeGreaterThan(5);
});

test('a kernel thread runs on its own and kthread_join gives its exit code (kthread(9))', () => {
  silent(
    function* main() {
      const l = kthread_create(
        PRI_NONE,
        KTHREAD_MUSTJOIN,
        null,
        function* worker(n: number) {
          yield* kpause('work', 'uninterruptible', 1e6);
          yield* inner(n);
          throw new Error('kthread_exit returned');
        },
        7,
        'worker',
      );
      function* inner(n: number): Generator<void, void, void> {
        yield* kthread_exit(n + 1);
      }
      if (l === null) throw new Error('no thread');
      const code = yield* kthread_join(l);
      if (code !== 8) throw new Error(`exit code ${code}`);
    },
    {},
    8,
  );
});

test('a kernel thread that waits for work for ever is not missed at the end', () => {
  passes(BARE, function* main(sys) {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'idle');
    kthread_create(
      PRI_NONE,
      0,
      null,
      function* idle() {
        yield* mutex_enter(mtx);
        yield* cv_wait(cv_init('idle'), mtx);
      },
      undefined,
      'idler',
    );
    yield* sys.nanosleep(1e9);
  });
});

test('an idle kernel thread does not hide a lost wakeup of the program', () => {
  const { outcome } = run(BARE, function* main() {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    kthread_create(PRI_NONE, 0, null, () => kpause('idle', 'uninterruptible', 0), 0, 'idler');
    yield* mutex_enter(mtx);
    yield* cv_wait(cv_init('never'), mtx);
  });
  expect(outcome.verdict).toBe('lost-wakeup');
  expect(outcome.message).toMatch(/main.* on never/);
  expect(outcome.message).not.toMatch(/idler/);
});

test('RUMP_THREADS=0 panics for a thread that is needed, and warns for others (threads.c)', () => {
  const make = (name: string): Main =>
    function* main() {
      const l = kthread_create(PRI_NONE, 0, null, function* f() {}, undefined, name);
      expect(l).toBe(null);
      expect(curlwp().kernel.dmesg.join()).toMatch(/not starting vrele thread/);
    };
  passes({ ...BARE, threads: false }, make('vrele'));
  const { outcome } = run({ ...BARE, threads: false }, make('pagedaemon'));
  expect(outcome.verdict).toBe('panic');
  expect(outcome.message).toMatch(/pagedaemon: threads not available/);
});

test('a work queue does every piece of work once, in order (workqueue(9))', () => {
  silent(
    function* main() {
      const did: number[] = [];
      const wq = workqueue_create(
        'wq',
        function* work(w: { n: number }) {
          did.push(w.n);
          yield* preempt();
        },
        null,
        PRI_NONE,
        0,
      );
      const last = { n: 3 };
      for (const w of [{ n: 1 }, { n: 2 }, last]) yield* workqueue_enqueue(wq, w);
      yield* workqueue_wait(wq, last);
      if (did.join() !== '1,2,3') throw new Error(`did ${did.join()}`);
      yield* workqueue_destroy(wq);
    },
    {},
    16,
  );
});

test('WQ_PERCPU has a thread a CPU, and work is done on the CPU asked for (workqueue(9))', () => {
  passes({ ...BARE, ncpu: 4 }, function* main() {
    const cpus: number[] = [];
    const k = curlwp().kernel;
    const wq = workqueue_create(
      'percpu',
      function* work() {
        cpus.push(curlwp().cpu.index);
      },
      null,
      PRI_NONE,
      WQ_PERCPU,
    );
    for (const i of [2, 0, 3]) yield* workqueue_enqueue(wq, { i }, k.cpus[i]);
    yield* workqueue_destroy(wq);
    expect(cpus.sort()).toEqual([0, 2, 3]);
    expect(k.proc0.lwps.filter((l) => l.stat !== LSZOMB && l.name.startsWith('percpu'))).toEqual(
      [],
    );
    yield* together();
  });
});

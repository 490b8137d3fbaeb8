import type { Main } from '../../../../kernel/api.ts';
import { describe, expect, test } from 'vitest';
import {
  AtomicUint,
  atomic_inc_uint,
  atomic_load_acquire,
  atomic_store_release,
} from '../../../../kernel/kern/atomic.ts';
import {
  type Callout,
  callout_halt,
  callout_init,
  callout_schedule,
  callout_setfunc,
} from '../../../../kernel/kern/kern_callout.ts';
import { cv_broadcast, cv_init, cv_wait } from '../../../../kernel/kern/kern_condvar.ts';
import {
  KTHREAD_MUSTJOIN,
  kthread_create,
  kthread_join,
} from '../../../../kernel/kern/kern_kthread.ts';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  mutex_tryenter,
} from '../../../../kernel/kern/kern_mutex.ts';
import {
  RW_READER,
  RW_WRITER,
  rw_downgrade,
  rw_enter,
  rw_exit,
  rw_obj_alloc,
  rw_tryupgrade,
} from '../../../../kernel/kern/kern_rwlock.ts';
import { kpause, preempt } from '../../../../kernel/kern/kern_sleepq.ts';
import {
  SOFTINT_CLOCK,
  softint_establish,
  softint_schedule,
} from '../../../../kernel/kern/kern_softint.ts';
import { type Lwp, PRI_NONE } from '../../../../kernel/kern/lwp.ts';
import {
  rump_lwproc_curlwp,
  rump_lwproc_newlwp,
  rump_lwproc_switch,
} from '../../../../kernel/kern/rump_lwproc.ts';
import { SIGUSR1 } from '../../../../kernel/kern/signal.ts';
import {
  WQ_MPSAFE,
  workqueue_create,
  workqueue_destroy,
  workqueue_enqueue,
  workqueue_wait,
} from '../../../../kernel/kern/subr_workqueue.ts';
import {
  type Pthread,
  pthread_barrier_init,
  pthread_barrier_wait,
  type PthreadBarrier,
  pthread_cond_broadcast,
  pthread_cond_init,
  pthread_cond_signal,
  pthread_cond_wait,
  pthread_create,
  pthread_join,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  pthread_rwlock_init,
  pthread_rwlock_rdlock,
  pthread_rwlock_unlock,
  pthread_rwlock_wrlock,
  type Sem,
  sem_init,
  sem_post,
  sem_wait,
} from '../../../../kernel/pthread/index.ts';
import { tmpfs } from '../../../../kernel/fs/tmpfs/index.ts';
import { curkernel, curlwp } from '../../../../kernel/world/current.ts';
import { plainReport } from '../../../../kernel/world/report.ts';
import { codeOf, parallel, together } from '../../parallel.ts';
import { bump, Cell, get, put, silent, type WatchOptions, watch, watchAll } from './watched.ts';
import { detectors } from '../../../../kernel/world/detect/index.ts';

const RACE = ['race'] as const;

function* locked(m: KMutex, c: Cell): Generator<void, void, void> {
  yield* mutex_enter(m);
  yield* bump(c);
  mutex_exit(m);
}

describe('a race', () => {
  function* unlocked(): Generator<void, void, void> {
    const c = new Cell();
    yield* parallel(2, () => bump(c));
  }

  test('is found in every schedule, even where no update is lost', () => {
    for (const grain of ['sync', 'access', 'statement'] as const) {
      expect(watchAll(RACE, { grain }, unlocked, 50).reports).toHaveLength(50);
    }
  });

  test('names both sides, with places, locks and the object', () => {
    const { reports } = watchAll(RACE, { ncpu: 1 }, function* () {
      const c = new Cell();
      const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
      yield* together(
        () => locked(a, c),
        () => bump(c),
      );
    });
    const report = plainReport(reports[0]);
    expect(structuredClone(report)).toEqual(report);
    expect(report).toMatchObject({
      verdict: 'data-race',
      detector: 'race',
      objectType: 'Cell',
      object: 'Cell#1.value',
    });
    expect(report.message).toMatch(
      /^LWP [23] \(t[01]\) (reads|writes) Cell#1\.value at test\/cell\.ts:[12] \((get|put)\), which LWP [23] \(t[01]\) (read|wrote) at test\/cell\.ts:[12] \((get|put)\), and nothing orders the two$/,
    );
    const texts = reports.map(({ explanation }) => explanation[0]);
    expect(texts).toContain("LWP 2 held 'a', LWP 3 held nothing: no lock in common.");
    expect(report.sides.map(({ does }) => does)).toContain('write');
    expect(report.sides[1].callSites.length).toBeGreaterThan(0);
    expect(new Set(reports.map(({ signature }) => signature)).size).toBeLessThanOrEqual(2);
  });

  test('ends the run at the second access when it is told to', () => {
    const { verdicts } = watchAll(RACE, { ends: true }, unlocked, 20);
    expect(verdicts).toEqual({ 'data-race': 20 });
    const { outcome } = watch(detectors(RACE, { ends: true }), {}, 1, unlocked);
    expect(outcome.message).toMatch(/nothing orders the two/);
    expect(outcome.site).toBeLessThan(0);
  });

  test('is found when different locks are held', () => {
    const { reports } = watchAll(RACE, {}, function* () {
      const c = new Cell();
      const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
      const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
      yield* together(
        () => locked(a, c),
        () => locked(b, c),
      );
    });
    expect(reports.length).toBe(200);
  });

  test('is found when the lock is held to read only', () => {
    const { reports } = watchAll(RACE, {}, function* () {
      const c = new Cell();
      const rw = rw_obj_alloc('rw');
      yield* parallel(2, function* () {
        yield* rw_enter(rw, RW_READER);
        yield* bump(c);
        rw_exit(rw);
      });
    });
    expect(reports.length).toBeGreaterThan(100);
    expect(reports.map((r) => r.explanation[0]).join()).toMatch(/both held 'rw', but not to write/);
  });

  test('of a write with many reads that were ordered among nobody is found', () => {
    const { reports } = watchAll(RACE, {}, function* () {
      const c = new Cell();
      yield* together(
        () => get(c),
        () => get(c),
        () => get(c),
        () => put(c, 1),
      );
    });
    expect(reports.length).toBe(200);
  });

  test('is the same whether anybody watches, and counts nothing', () => {
    function* busy(): Generator<void, void, void> {
      const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      const rw = rw_obj_alloc('rw');
      const a = new AtomicUint();
      const c = new Cell();
      yield* parallel(3, function* () {
        yield* locked(m, c);
        atomic_inc_uint(a);
        yield* rw_enter(rw, RW_WRITER);
        rw_downgrade(rw);
        rw_exit(rw);
        yield* kpause('pause', 'interruptible', 1000);
      });
    }
    for (let seed = 1; seed < 20; seed++) {
      const alone = watch(null, { grain: 'statement' }, seed, busy);
      const watched = watch(detectors(RACE), { grain: 'statement' }, seed, busy);
      expect(watched.outcome.icount).toBe(alone.outcome.icount);
      expect(watched.world.digest0).toBe(alone.world.digest0);
    }
  });

  test('on one CPU without preemption is none, as a switch there orders', () => {
    function* two(): Generator<void, void, void> {
      const c = new Cell();
      yield* parallel(3, function* () {
        for (let i = 0; i < 3; i++) {
          yield* bump(c);
          yield* preempt();
          yield* kpause('pause', 'interruptible', 1000);
        }
      });
    }
    const one: WatchOptions = { ncpu: 1, preempt: false };
    expect(watchAll(RACE, one, two).reports).toHaveLength(0);
    expect(watchAll(RACE, { ...one, ncpu: 2 }, two).reports.length).toBeGreaterThan(50);
  });
});

/** Correct programs: `c` is only touched in order. */
const ORDERED: Readonly<Record<string, () => Generator<void, void, void>>> = {
  *'a mutex'() {
    const c = new Cell();
    const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    yield* parallel(3, () => locked(m, c));
    yield* bump(c);
  },
  *'a mutex that is tried'() {
    const c = new Cell();
    const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    yield* parallel(3, function* () {
      while (!mutex_tryenter(m)) yield* kpause('retry', 'uninterruptible', 1000);
      yield* bump(c);
      mutex_exit(m);
    });
  },
  *'a readers/writer lock'() {
    const c = new Cell();
    const rw = rw_obj_alloc('rw');
    const reads = function* () {
      yield* rw_enter(rw, RW_READER);
      yield* get(c);
      rw_exit(rw);
    };
    const writes = function* () {
      yield* rw_enter(rw, RW_WRITER);
      yield* bump(c);
      rw_exit(rw);
    };
    yield* together(reads, writes, reads, writes);
  },
  *'upgrades and downgrades'() {
    const c = new Cell();
    const rw = rw_obj_alloc('rw');
    const up = function* () {
      yield* rw_enter(rw, RW_READER);
      yield* get(c);
      if (rw_tryupgrade(rw)) yield* bump(c);
      rw_exit(rw);
    };
    const down = function* () {
      yield* rw_enter(rw, RW_WRITER);
      yield* bump(c);
      rw_downgrade(rw);
      yield* get(c);
      rw_exit(rw);
    };
    yield* together(up, down, up, down);
  },
  *'a condition variable'() {
    const c = new Cell();
    const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('cv');
    const flag = { set: false };
    yield* together(
      function* () {
        yield* mutex_enter(m);
        while (!flag.set) yield* cv_wait(cv, m);
        mutex_exit(m);
        yield* bump(c);
      },
      function* () {
        yield* bump(c);
        yield* mutex_enter(m);
        flag.set = true;
        cv_broadcast(cv);
        mutex_exit(m);
      },
    );
  },
  *'an atomic flag'() {
    const c = new Cell();
    const ready = new AtomicUint();
    yield* together(
      function* () {
        yield* bump(c);
        atomic_store_release(ready, 1);
      },
      function* () {
        while (atomic_load_acquire(ready) === 0) yield* kpause('spin', 'uninterruptible', 1000);
        yield* bump(c);
      },
    );
  },
  *'making and joining'() {
    const c = new Cell();
    for (let i = 0; i < 5; i++) {
      yield* bump(c);
      const t = (yield* pthread_create(() => bump(c), undefined)) as Pthread;
      yield* pthread_join(t);
      yield* bump(c);
    }
  },
  *'a pthread mutex and condition variable'() {
    const c = new Cell();
    const m = pthread_mutex_init('m');
    const cond = pthread_cond_init('cond');
    const state = { full: false };
    const producer = function* () {
      for (let i = 0; i < 3; i++) {
        void (yield* pthread_mutex_lock(m));
        while (state.full) void (yield* pthread_cond_wait(cond, m));
        yield* bump(c);
        state.full = true;
        void (yield* pthread_cond_broadcast(cond));
        void (yield* pthread_mutex_unlock(m));
      }
    };
    const consumer = function* () {
      for (let i = 0; i < 3; i++) {
        void (yield* pthread_mutex_lock(m));
        while (!state.full) void (yield* pthread_cond_wait(cond, m));
        yield* bump(c);
        state.full = false;
        void (yield* pthread_mutex_unlock(m));
        void (yield* pthread_cond_signal(cond));
      }
    };
    yield* together(producer, consumer);
  },
  *'a pthread readers/writer lock'() {
    const c = new Cell();
    const rw = pthread_rwlock_init('rw');
    yield* parallel(3, function* () {
      void (yield* pthread_rwlock_rdlock(rw));
      yield* get(c);
      void (yield* pthread_rwlock_unlock(rw));
      void (yield* pthread_rwlock_wrlock(rw));
      yield* bump(c);
      void (yield* pthread_rwlock_unlock(rw));
    });
  },
  *'a semaphore'() {
    const c = new Cell();
    const sem = sem_init(1, 'sem') as Sem;
    yield* parallel(3, function* () {
      void (yield* sem_wait(sem));
      yield* bump(c);
      void (yield* sem_post(sem));
    });
  },
  *'a barrier'() {
    const cells = [new Cell(), new Cell(), new Cell()];
    const b = pthread_barrier_init(3, 'b') as PthreadBarrier;
    const one = (i: number) =>
      function* () {
        for (let round = 0; round < 3; round++) {
          yield* bump(cells[(i + round) % 3]);
          yield* pthread_barrier_wait(b);
        }
      };
    yield* together(one(0), one(1), one(2));
  },
  *'a kernel thread that is joined'() {
    const c = new Cell();
    yield* bump(c);
    const t = kthread_create(PRI_NONE, KTHREAD_MUSTJOIN, null, () => bump(c), undefined, 'kt');
    yield* kthread_join(t as Lwp);
    yield* bump(c);
  },
  *'a softint'() {
    const c = new Cell();
    const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('cv');
    const state = { ran: false };
    const handler = function* () {
      yield* bump(c);
      yield* mutex_enter(m);
      state.ran = true;
      cv_broadcast(cv);
      mutex_exit(m);
    };
    const sh = softint_establish(curkernel(), SOFTINT_CLOCK, handler, undefined);
    yield* bump(c);
    softint_schedule(sh);
    yield* mutex_enter(m);
    while (!state.ran) yield* cv_wait(cv, m);
    mutex_exit(m);
    yield* bump(c);
  },
  *'a callout that is armed, called and halted'() {
    const c = new Cell();
    const co: Callout = callout_init(0);
    callout_setfunc(co, () => bump(c), undefined);
    yield* bump(c);
    callout_schedule(co, 1);
    yield* kpause('pause', 'uninterruptible', 15_000_000);
    yield* callout_halt(co);
    yield* bump(c);
  },
  *'a work queue'() {
    const c = new Cell();
    const work = () => bump(c);
    const wq = workqueue_create('wq', work, undefined, PRI_NONE, WQ_MPSAFE);
    yield* bump(c);
    const piece = {};
    yield* workqueue_enqueue(wq, piece);
    yield* workqueue_wait(wq, piece);
    yield* bump(c);
    yield* workqueue_destroy(wq);
  },
  *'the LWPs of one thread'() {
    const c = new Cell();
    const first = rump_lwproc_curlwp();
    yield* bump(c);
    void rump_lwproc_newlwp(curlwp().proc.pid);
    yield* bump(c);
    rump_lwproc_switch(first);
    yield* bump(c);
  },
};

describe('no race, with', () => {
  for (const [name, main] of Object.entries(ORDERED)) {
    test(name, () => silent(RACE, main));
  }

  test('a signal and its handler, an unpark that comes early, a pipe', () => {
    const files = { components: [tmpfs] };
    const main: Main = function* (sys) {
      const c = new Cell();
      const seen = { handled: false };
      yield* sys.sigaction(SIGUSR1, function* () {
        yield* bump(c);
        seen.handled = true;
      });
      const lid = yield* sys._lwp_create(function* () {
        while (!seen.handled) yield* codeOf(() => sys.nanosleep(1000));
      }, 0);
      yield* bump(c);
      yield* sys._lwp_kill(lid, SIGUSR1);
      yield* sys._lwp_wait(lid);
      yield* bump(c);

      const parked = yield* sys._lwp_create(function* () {
        yield* sys.nanosleep(10_000);
        yield* codeOf(() => sys._lwp_park());
        yield* bump(c);
      }, 0);
      yield* bump(c);
      yield* sys._lwp_unpark(parked);
      yield* sys._lwp_wait(parked);

      const [from, to] = yield* sys.pipe();
      const writer = yield* sys._lwp_create(function* () {
        yield* bump(c);
        yield* sys.write(to, new Uint8Array(1));
      }, 0);
      yield* sys.read(from, new Uint8Array(1));
      yield* bump(c);
      yield* sys._lwp_wait(writer);
    };
    silent(RACE, main, files);
  });
});

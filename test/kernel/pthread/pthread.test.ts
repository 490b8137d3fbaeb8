/** Threads, mutexes and condition variables: pthread(3). */

import { expect, test } from 'vitest';
import type { Main, Sys } from '../../../kernel/api.ts';
import {
  EBUSY,
  EDEADLK,
  EINVAL,
  EPERM,
  ESRCH,
  ETIMEDOUT,
  PTHREAD_MUTEX_ERRORCHECK,
  PTHREAD_MUTEX_RECURSIVE,
  type PthreadCond,
  type PthreadMutex,
  preempt,
  pthread_cond_broadcast,
  pthread_cond_destroy,
  pthread_cond_init,
  pthread_cond_signal,
  pthread_cond_timedwait,
  pthread_cond_wait,
  pthread_create,
  pthread_detach,
  pthread_exit,
  pthread_join,
  pthread_kill,
  pthread_mutex_destroy,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_timedlock,
  pthread_mutex_trylock,
  pthread_mutex_unlock,
  pthread_rwlock_init,
  pthread_rwlock_rdlock,
  pthread_rwlock_timedwrlock,
  pthread_self,
  Sem,
  SIGUSR1,
  sem_post,
  sem_timedwait,
  sem_wait,
} from '../../../kernel/index.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { passes, run } from '../harness.ts';
import { caught, silent } from '../parallel.ts';
import { threads } from './threads.ts';

const BARE = { components: [] };

function counting(
  lock: (m: PthreadMutex) => MaySleep<unknown>,
  unlock: (m: PthreadMutex) => MaySleep<unknown>,
): Main {
  return function* main() {
    const m = pthread_mutex_init('counter');
    const counter = { x: 0 };
    function* increment(): Generator<void, void, void> {
      for (let i = 0; i < 2; i++) {
        yield* lock(m);
        const value = counter.x;
        yield* preempt();
        counter.x = value + 1;
        yield* unlock(m);
      }
    }
    yield* threads(increment, increment, increment);
    if (counter.x !== 6) throw new Error(`an update was lost: ${counter.x}`);
  };
}

test('a thread gives its result to whom joins it; ESRCH the second time (pthread_join(3))', () => {
  silent(
    function* main() {
      const t = yield* pthread_create(
        function* f(n: number) {
          if (pthread_self().name !== 'adder') throw new Error('pthread_self');
          yield* preempt();
          return n + 1;
        },
        41,
        'adder',
      );
      if ((yield* pthread_join(t)) !== 42) throw new Error('no result');
      if ((yield* pthread_join(t)) !== ESRCH) throw new Error('joined twice');
      const e = yield* pthread_create(function* f() {
        yield* leave();
      }, undefined);
      function* leave(): Generator<void, void, void> {
        yield* pthread_exit('left');
      }
      if ((yield* pthread_join(e)) !== 'left') throw new Error('pthread_exit');
      const d = yield* pthread_create(function* f() {
        yield* preempt();
      }, undefined);
      yield* pthread_detach(d);
      const error = yield* pthread_join(d);
      if (error !== EINVAL && error !== ESRCH) throw new Error('a detached thread was joined');
      if ((yield* pthread_join(pthread_self())) !== EDEADLK) throw new Error('joined itself');
    },
    {},
    12,
  );
});

test('a mutex excludes, under any schedule (pthread_mutex(3))', () => {
  silent(counting(pthread_mutex_lock, pthread_mutex_unlock), {}, 84);
});

test('a mutex that is only tried for is caught', () => {
  const twin = counting(
    function* lock(m) {
      yield* preempt();
      pthread_mutex_trylock(m);
    },
    function* unlock(m) {
      yield* pthread_mutex_unlock(m);
    },
  );
  expect(caught(twin, 'program-error', /update was lost/, {}, 24)).toBeGreaterThan(20);
});

test('AB-BA on two mutexes is a deadlock whose cycle names them, when its last edge is made', () => {
  const main: Main = function* main(sys: Sys) {
    const a = pthread_mutex_init('a');
    const b = pthread_mutex_init('b');
    const both = (x: PthreadMutex, y: PthreadMutex) =>
      function* body(): Generator<void, void, void> {
        yield* pthread_mutex_lock(x);
        yield* pthread_mutex_lock(y);
        yield* pthread_mutex_unlock(y);
        yield* pthread_mutex_unlock(x);
      };
    yield* threads(both(a, b), both(b, a), function* ticking() {
      for (let i = 0; i < 5; i++) yield* sys.nanosleep(1e6);
    });
  };
  const cycle = /LWP \d+ \(thread\d\) waits for [ab] held by LWP \d+; LWP/;
  expect(caught(main, 'deadlock', cycle, {}, 48)).toBeGreaterThan(20);
});

test('relocking: normal deadlocks, errorcheck says EDEADLK, recursive counts', () => {
  const { outcome } = run(BARE, function* main() {
    const m = pthread_mutex_init('self');
    yield* pthread_mutex_lock(m);
    yield* pthread_mutex_lock(m);
  });
  expect(outcome).toMatchObject({ verdict: 'deadlock', message: /waits for self held by LWP 1/ });
  passes(BARE, function* main() {
    const e = pthread_mutex_init('e', PTHREAD_MUTEX_ERRORCHECK);
    expect(yield* pthread_mutex_unlock(e)).toBe(EPERM);
    yield* pthread_mutex_lock(e);
    expect(yield* pthread_mutex_lock(e)).toBe(EDEADLK);
    expect(pthread_mutex_destroy(e)).toBe(EBUSY);
    const r = pthread_mutex_init('r', PTHREAD_MUTEX_RECURSIVE);
    for (let i = 0; i < 3; i++) expect(yield* pthread_mutex_lock(r)).toBe(undefined);
    expect(pthread_mutex_trylock(r)).toBe(undefined);
    yield* threads(function* other() {
      expect(pthread_mutex_trylock(r)).toBe(EBUSY);
    });
    for (let i = 0; i < 4; i++) expect(yield* pthread_mutex_unlock(r)).toBe(undefined);
    expect(r.owner).toBe(null);
    expect(pthread_mutex_destroy(r)).toBe(undefined);
    expect(yield* pthread_mutex_lock(r)).toBe(EINVAL);
  });
});

test('timed waits end with ETIMEDOUT and leave nothing behind', () => {
  silent(
    function* main(sys) {
      const m = pthread_mutex_init('m');
      const c = pthread_cond_init('c');
      const rw = pthread_rwlock_init('rw');
      const sem = new Sem(0, 'sem');
      const soon = function* soon(): Generator<void, number, void> {
        return (yield* sys.clock_gettime(0)) + 1e6;
      };
      yield* pthread_mutex_lock(m);
      yield* pthread_rwlock_rdlock(rw);
      const errors: unknown[] = [];
      yield* threads(
        function* a() {
          errors.push(yield* pthread_mutex_timedlock(m, yield* soon()));
        },
        function* b() {
          errors.push(yield* pthread_rwlock_timedwrlock(rw, yield* soon()));
        },
        function* d() {
          errors.push(yield* sem_timedwait(sem, yield* soon()));
        },
      );
      errors.push(yield* pthread_cond_timedwait(c, m, yield* soon()));
      if (errors.length !== 4 || errors.some((e) => e !== ETIMEDOUT)) throw new Error('in time');
      const left = [m.waiters, c.waiters, rw.waiters, sem.waiters].flat();
      if (left.length !== 0) throw new Error('a waiter is left');
    },
    {},
    12,
  );
});

interface Queue {
  readonly m: PthreadMutex;
  readonly c: PthreadCond;
  items: number;
}

function producers(take: (q: Queue) => Generator<void, void, void>): Main {
  return function* main() {
    const q: Queue = { m: pthread_mutex_init('q'), c: pthread_cond_init('items'), items: 0 };
    function* put(): Generator<void, void, void> {
      yield* pthread_mutex_lock(q.m);
      q.items++;
      yield* pthread_cond_signal(q.c);
      yield* pthread_mutex_unlock(q.m);
    }
    const consume = () => take(q);
    yield* threads(consume, consume, put, put);
    if (q.items !== 0) throw new Error(`${q.items} items left`);
  };
}

test('every signal finds its waiter, under any schedule (pthread_cond(3))', () => {
  silent(
    producers(function* take(q) {
      yield* pthread_mutex_lock(q.m);
      while (q.items === 0) yield* pthread_cond_wait(q.c, q.m);
      q.items--;
      yield* pthread_mutex_unlock(q.m);
    }),
    {},
    84,
  );
});

test('a consumer that looks without the mutex loses a wakeup', () => {
  const twin = producers(function* take(q) {
    const empty = q.items === 0;
    yield* pthread_mutex_lock(q.m);
    if (empty) yield* pthread_cond_wait(q.c, q.m);
    q.items--;
    yield* pthread_mutex_unlock(q.m);
  });
  expect(caught(twin, 'lost-wakeup', /on items/, {}, 24)).toBeGreaterThan(5);
});

test('pthread_cond_broadcast wakes everybody; a wait without the mutex is EPERM', () => {
  silent(
    function* main() {
      const m = pthread_mutex_init('m');
      const c = pthread_cond_init('go');
      const state = { go: false, gone: 0 };
      function* waiter(): Generator<void, void, void> {
        yield* pthread_mutex_lock(m);
        while (!state.go) yield* pthread_cond_wait(c, m);
        state.gone++;
        yield* pthread_mutex_unlock(m);
      }
      yield* threads(waiter, waiter, waiter, function* starter() {
        yield* pthread_mutex_lock(m);
        state.go = true;
        yield* pthread_cond_broadcast(c);
        yield* pthread_mutex_unlock(m);
      });
      if (state.gone !== 3) throw new Error('somebody is left');
      if ((yield* pthread_cond_wait(c, m)) !== EPERM) throw new Error('EPERM');
      if (pthread_cond_destroy(c) !== undefined) throw new Error('busy');
    },
    {},
    24,
  );
});

test('a signal handler interrupts a wait, which then goes on (pthread_kill(3))', () => {
  passes(BARE, function* main(sys) {
    const handled: number[] = [];
    yield* sys.sigaction(SIGUSR1, function* handler(sig: number) {
      handled.push(sig);
    });
    const sem = new Sem(0, 'sem');
    const t = yield* pthread_create(() => sem_wait(sem), undefined);
    yield* sys.nanosleep(1e6);
    yield* pthread_kill(t, SIGUSR1);
    yield* sys.nanosleep(1e6);
    expect(handled).toEqual([SIGUSR1]);
    yield* sem_post(sem);
    expect(yield* pthread_join(t)).toBe(undefined);
  });
});

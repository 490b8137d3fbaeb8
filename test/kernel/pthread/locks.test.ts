/** Barriers, readers/writer locks and semaphores: pthread(3), sem(3). */

import { expect, test } from 'vitest';
import type { Main } from '../../../kernel/api.ts';
import {
  EAGAIN,
  EBUSY,
  EDEADLK,
  EINVAL,
  EPERM,
  isErrno,
  PTHREAD_BARRIER_SERIAL_THREAD,
  preempt,
  pthread_barrier_init,
  pthread_barrier_wait,
  pthread_rwlock_init,
  pthread_rwlock_rdlock,
  pthread_rwlock_tryrdlock,
  pthread_rwlock_trywrlock,
  pthread_rwlock_unlock,
  pthread_rwlock_wrlock,
  Sem,
  sem_getvalue,
  sem_init,
  sem_post,
  sem_trywait,
  sem_wait,
} from '../../../kernel/index.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { passes } from '../harness.ts';
import { caught, codeOf, silent } from '../parallel.ts';
import { threads } from './threads.ts';

const BARE = { components: [] };

test('a barrier lets nobody through before the last, who is told so (pthread_barrier(3))', () => {
  silent(
    function* main() {
      const b = pthread_barrier_init(3);
      if (isErrno(b)) throw new Error('no barrier');
      const state = { arrived: 0, serial: 0 };
      function* body(): Generator<void, void, void> {
        for (let round = 1; round <= 2; round++) {
          state.arrived++;
          const result = yield* pthread_barrier_wait(b as Exclude<typeof b, { errno: number }>);
          if (state.arrived < 3 * round) throw new Error('let through too early');
          if (result === PTHREAD_BARRIER_SERIAL_THREAD) state.serial++;
        }
      }
      yield* threads(body, body, body);
      if (state.serial !== 2) throw new Error(`${state.serial} serial threads`);
      if (pthread_barrier_init(0) !== EINVAL) throw new Error('EINVAL');
    },
    {},
    48,
  );
});

test('readers see no half update, and nobody starves (pthread_rwlock(3))', () => {
  silent(
    function* main() {
      const rw = pthread_rwlock_init('pair');
      const pair = { a: 0, b: 0 };
      function* write(): Generator<void, void, void> {
        yield* pthread_rwlock_wrlock(rw);
        pair.a++;
        yield* preempt();
        pair.b++;
        yield* pthread_rwlock_unlock(rw);
      }
      function* read(): Generator<void, void, void> {
        yield* pthread_rwlock_rdlock(rw);
        const a = pair.a;
        yield* preempt();
        if (a !== pair.b) throw new Error('half an update');
        yield* pthread_rwlock_unlock(rw);
      }
      yield* threads(write, read, read, write);
      if (pair.a !== 2 || rw.waiters.length !== 0) throw new Error('not all were let in');
    },
    {},
    48,
  );
});

test('pthread_rwlock: EBUSY, EDEADLK and EPERM as in the manual pages', () => {
  passes(BARE, function* main() {
    const rw = pthread_rwlock_init();
    expect(yield* pthread_rwlock_unlock(rw)).toBe(EPERM);
    yield* pthread_rwlock_wrlock(rw);
    expect(yield* pthread_rwlock_wrlock(rw)).toBe(EDEADLK);
    expect(pthread_rwlock_tryrdlock(rw)).toBe(EBUSY);
    yield* pthread_rwlock_unlock(rw);
    expect(pthread_rwlock_tryrdlock(rw)).toBe(undefined);
    expect(pthread_rwlock_trywrlock(rw)).toBe(EBUSY);
  });
});

function semaphore(wait: (sem: Sem) => MaySleep<unknown>): Main {
  return function* main() {
    const sem = sem_init(1, 'sem') as Sem;
    const inside = { count: 0 };
    function* body(): Generator<void, void, void> {
      yield* wait(sem);
      inside.count++;
      yield* preempt();
      if (inside.count !== 1) throw new Error('two are inside');
      inside.count--;
      yield* sem_post(sem);
    }
    yield* threads(body, body, body);
    if (sem_getvalue(sem) !== 1) throw new Error('the value is wrong');
  };
}

test('a semaphore lets in as many as its value, under any schedule (sem(3))', () => {
  silent(semaphore(sem_wait), {}, 48);
  passes(BARE, function* main() {
    const sem = new Sem(1, 's');
    expect(sem_trywait(sem)).toBe(undefined);
    expect(sem_trywait(sem)).toBe(EAGAIN);
    expect(sem_init(-1)).toBe(EINVAL);
  });
});

test('a semaphore whose waiter looks first and queues later loses a wakeup', () => {
  const main: Main = function* main(sys) {
    const sem = { value: 0, waiters: [] as number[] };
    yield* threads(
      function* wait() {
        if (sem.value === 0) {
          yield* preempt();
          sem.waiters.push(yield* sys._lwp_self());
          yield* codeOf(() => sys._lwp_park());
        }
        sem.value--;
      },
      function* post() {
        sem.value++;
        const lid = sem.waiters.shift();
        if (lid !== undefined) yield* sys._lwp_unpark(lid);
      },
    );
  };
  expect(caught(main, 'lost-wakeup', /parked/, {}, 24)).toBeGreaterThan(5);
});

/** condvar(9). */

import { expect, test } from 'vitest';
import type { Main } from '../../../kernel/api.ts';
import {
  curlwp,
  cv_broadcast,
  cv_destroy,
  cv_has_waiters,
  cv_init,
  cv_signal,
  cv_timedwait,
  cv_timedwait_sig,
  cv_wait,
  cv_wait_sig,
  EINTR,
  EWOULDBLOCK,
  type KCondvar,
  type KMutex,
  MUTEX_DEFAULT,
  MUTEX_SPIN,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  mutex_owned,
  psignal,
  SIGUSR1,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';
import { caught, parallel, silent, together } from '../parallel.ts';

const BARE = { components: [] };

interface Box {
  readonly mtx: KMutex;
  readonly cv: KCondvar;
  items: number;
}

function* takeWhile(box: Box): Generator<void, void, void> {
  yield* mutex_enter(box.mtx);
  while (box.items === 0) yield* cv_wait(box.cv, box.mtx);
  box.items--;
  mutex_exit(box.mtx);
}

/** The buggy twin: does not look again after it was woken. */
function* takeIf(box: Box): Generator<void, void, void> {
  yield* mutex_enter(box.mtx);
  if (box.items === 0) yield* cv_wait(box.cv, box.mtx);
  box.items--;
  mutex_exit(box.mtx);
}

/** Another: looks before it has the mutex, so the wakeup may come in between. */
function* takeUnlocked(box: Box): Generator<void, void, void> {
  const empty = box.items === 0;
  yield* mutex_enter(box.mtx);
  if (empty) yield* cv_wait(box.cv, box.mtx);
  box.items--;
  mutex_exit(box.mtx);
}

function consumers(take: (box: Box) => Generator<void, void, void>): Main {
  return function* main() {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'box');
    const box: Box = { mtx, cv: cv_init('items'), items: 0 };
    function* put(): Generator<void, void, void> {
      yield* mutex_enter(box.mtx);
      box.items++;
      cv_signal(box.cv);
      mutex_exit(box.mtx);
    }
    const consume = () => take(box);
    yield* together(consume, consume, put, put);
    if (box.items !== 0) throw new Error(`${box.items} items are left`);
    if (cv_has_waiters(box.cv)) throw new Error('somebody still waits');
  };
}

test('a consumer that re-tests always finds an item, under any schedule (condvar(9))', () => {
  silent(consumers(takeWhile));
});

test('a consumer that does not re-test takes what is not there', () => {
  function* main(): Generator<void, void, void> {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'box');
    const box: Box = { mtx, cv: cv_init('items'), items: 0 };
    function* put(): Generator<void, void, void> {
      yield* mutex_enter(box.mtx);
      box.items++;
      cv_broadcast(box.cv);
      mutex_exit(box.mtx);
    }
    function* take(): Generator<void, void, void> {
      yield* takeIf(box);
      if (box.items < 0) throw new Error('an item was taken twice');
    }
    yield* together(take, take, put, put);
  }
  expect(caught(main, 'program-error', /taken twice/)).toBeGreaterThan(20);
});

test('a consumer that looks before it has the mutex loses a wakeup', () => {
  const main = consumers(takeUnlocked);
  expect(caught(main, 'lost-wakeup', /LWP \d+ \(t\d\) on items/)).toBeGreaterThan(5);
});

test('cv_broadcast wakes everybody, cv_signal one (condvar(9))', () => {
  passes({ components: [], ncpu: 1 }, function* main(sys) {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('cv');
    const woken = { count: 0, go: 0 };
    yield* together(
      ...[0, 1, 2].map(
        () =>
          function* waiter(): Generator<void, void, void> {
            yield* mutex_enter(mtx);
            yield* cv_wait(cv, mtx);
            woken.count++;
            mutex_exit(mtx);
          },
      ),
      function* waker() {
        yield* sys.nanosleep(1e6);
        cv_signal(cv);
        yield* sys.nanosleep(1e6);
        woken.go = woken.count;
        cv_broadcast(cv);
      },
    );
    expect(woken).toEqual({ count: 3, go: 1 });
  });
});

test('cv_wait returns with the mutex, spin or adaptive (condvar(9))', () => {
  for (const type of [MUTEX_DEFAULT, MUTEX_SPIN] as const) {
    passes(BARE, function* main() {
      const mtx = mutex_obj_alloc(type, 'm');
      const cv = cv_init('cv');
      const state = { go: false };
      yield* together(
        function* waiter() {
          yield* mutex_enter(mtx);
          while (!state.go) yield* cv_wait(cv, mtx);
          expect(mutex_owned(mtx)).toBe(true);
          mutex_exit(mtx);
        },
        function* waker() {
          yield* mutex_enter(mtx);
          state.go = true;
          cv_signal(cv);
          mutex_exit(mtx);
        },
      );
    });
  }
});

test('cv_timedwait gives EWOULDBLOCK when the time is over (condvar(9))', () => {
  silent(
    function* main(sys) {
      const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      const cv = cv_init('cv');
      yield* parallel(2, function* waiter() {
        const before = yield* sys.clock_gettime(3);
        yield* mutex_enter(mtx);
        const error = yield* cv_timedwait(cv, mtx, 2e9);
        mutex_exit(mtx);
        if (error !== EWOULDBLOCK) throw new Error('no time was over');
        if ((yield* sys.clock_gettime(3)) - before < 2e9) throw new Error('too early');
      });
    },
    {},
    8,
  );
});

test('cv_wait_sig returns EINTR when signalled, cv_wait does not wake (condvar(9))', () => {
  passes(BARE, function* main(sys) {
    yield* sys.sigaction(SIGUSR1, function* handler() {});
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('cv');
    const errors: unknown[] = [];
    const sleeper = (wait: () => Generator<void, unknown, void>) =>
      function* body(): Generator<void, void, void> {
        yield* mutex_enter(mtx);
        errors.push(yield* wait());
        mutex_exit(mtx);
      };
    const l = curlwp();
    yield* together(
      sleeper(() => cv_wait_sig(cv, mtx)),
      sleeper(() => cv_timedwait_sig(cv, mtx, 60e9)),
      sleeper(() => cv_timedwait(cv, mtx, 1e9)),
      function* signaller() {
        yield* sys.nanosleep(1e6);
        for (const other of l.proc.lwps.filter((o) => o.name !== 't3' && o !== l)) {
          yield* sys._lwp_kill(other.lid, SIGUSR1);
        }
      },
    );
    expect(errors).toEqual([EINTR, EINTR, EWOULDBLOCK]);
  });
});

test('cv_wait_sig does not sleep when a signal is pending: EINTR, with the mutex (condvar(9))', () => {
  passes(BARE, function* main(sys) {
    yield* sys.sigaction(SIGUSR1, function* handler() {});
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('cv');
    yield* mutex_enter(mtx);
    psignal(curlwp().proc, SIGUSR1);
    expect(yield* cv_wait_sig(cv, mtx)).toBe(EINTR);
    expect(yield* cv_timedwait_sig(cv, mtx, 1e9)).toBe(EINTR);
    expect(mutex_owned(mtx)).toBe(true);
    expect(cv_has_waiters(cv)).toBe(false);
    mutex_exit(mtx);
    cv_destroy(cv);
  });
});

test('destroying a condition variable that is waited on is a kassert (condvar(9))', () => {
  const { outcome } = run(BARE, function* main(sys) {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    const cv = cv_init('busy');
    yield* together(
      function* waiter() {
        yield* mutex_enter(mtx);
        yield* cv_wait(cv, mtx);
      },
      function* destroyer() {
        yield* sys.nanosleep(1e6);
        cv_destroy(cv);
      },
    );
  });
  expect(outcome.message).toMatch(/condvar busy is destroyed while waited on/);
});

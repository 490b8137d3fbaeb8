/**
 * What all strategies of hunts hold to: they find the buggy twin and not the correct one, give the
 * same runs for the same seeds, starve nobody, and reach every deadlock.
 */

import { describe, expect, test } from 'vitest';
import type { Main } from '../../../../kernel/api.ts';
import { AtomicUint, atomic_cas_uint } from '../../../../kernel/kern/atomic.ts';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from '../../../../kernel/kern/kern_mutex.ts';
import { preempt } from '../../../../kernel/kern/kern_sleepq.ts';
import {
  pthread_rwlock_init,
  pthread_rwlock_rdlock,
  pthread_rwlock_unlock,
  pthread_rwlock_wrlock,
} from '../../../../kernel/pthread/index.ts';
import { AlternatingStrategy } from '../../../../kernel/world/strategy/alternating.ts';
import { PctStrategy } from '../../../../kernel/world/strategy/pct.ts';
import { PosStrategy } from '../../../../kernel/world/strategy/pos.ts';
import { RaceStrategy } from '../../../../kernel/world/strategy/race.ts';
import { RandomStrategy } from '../../../../kernel/world/strategy/random.ts';
import type { Strategy } from '../../../../kernel/world/strategy/strategy.ts';
import { SurwStrategy } from '../../../../kernel/world/strategy/surw.ts';
import { UrwStrategy } from '../../../../kernel/world/strategy/urw.ts';
import { learnFrom, type Memory, read, runsToFailure, threads, write } from './memory.ts';

const STRATEGIES: Record<string, () => Strategy> = {
  auto: () => new AlternatingStrategy(1),
  surw: () => new SurwStrategy(1),
  urw: () => new UrwStrategy(1),
  pos: () => new PosStrategy(1),
  race: () => new RaceStrategy(1),
  pct: () => new PctStrategy(1, 3),
  random: () => new RandomStrategy(1),
};

function update(locked: 'locked' | 'unlocked'): Main {
  return function* main() {
    const m: Memory = { x: 0 };
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'x');
    function* add(): Generator<void, void, void> {
      if (locked === 'locked') yield* mutex_enter(mtx);
      const x = yield* read(m, 'x', 1);
      yield* write(m, 'x', x + 1, 2);
      if (locked === 'locked') mutex_exit(mtx);
    }
    yield* threads(add, add);
    if (m['x'] !== 2) throw new Error(`an update was lost: ${m['x']}`);
  };
}

/** A window of one statement in a thread whose other has a long way to go: one preemption. */
const publication: Main = function* main() {
  const m: Memory = { ready: 0, data: 0, other: 0 };
  function* publish(): Generator<void, void, void> {
    for (let i = 0; i < 6; i++) yield* write(m, 'other', i, 1);
    yield* write(m, 'ready', 1, 2);
    yield* write(m, 'data', 1, 3);
  }
  function* use(): Generator<void, void, void> {
    for (let i = 0; i < 3; i++) yield* read(m, 'other', 4);
    if ((yield* read(m, 'ready', 5)) === 1 && (yield* read(m, 'data', 6)) === 0) {
      throw new Error('data is used before it is there');
    }
  }
  yield* threads(publish, use);
};

function philosophers(count: number): Main {
  return function* main() {
    const forks = Array.from({ length: count }, (_, i) => mutex_obj_alloc(MUTEX_DEFAULT, `${i}`));
    function* eat(first: KMutex, second: KMutex): Generator<void, void, void> {
      yield* mutex_enter(first);
      yield* mutex_enter(second);
      mutex_exit(second);
      mutex_exit(first);
    }
    yield* threads(...forks.map((fork, i) => () => eat(fork, forks[(i + 1) % count])));
  };
}

for (const [name, make] of Object.entries(STRATEGIES)) {
  describe(name, () => {
    test('finds a lost update, and none where a lock is held', () => {
      for (let seed = 1; seed <= 10; seed++) {
        expect(runsToFailure(make(), seed, 100, update('unlocked'))).toBeLessThanOrEqual(100);
      }
      expect(runsToFailure(make(), 1, 200, update('locked'))).toBe(201);
    });

    test('finds a use before publication', () => {
      for (let seed = 1; seed <= 5; seed++) {
        expect(runsToFailure(make(), seed, 500, publication)).toBeLessThanOrEqual(500);
      }
    });

    test('reaches the deadlock of three philosophers', () => {
      const strategy = make();
      let found = '';
      for (let seed = 1; seed <= 500 && found === ''; seed++) {
        const { outcome } = learnFrom(strategy, seed, philosophers(3));
        if (outcome.verdict !== 'passed') found = outcome.verdict;
      }
      expect(found).toBe('deadlock');
    });

    test('lets a writer queue, which keeps a second read of the same reader out', () => {
      expect(
        runsToFailure(make(), 1, 300, function* main() {
          const lock = pthread_rwlock_init('lock');
          function* readTwice(): Generator<void, void, void> {
            yield* pthread_rwlock_rdlock(lock);
            yield* pthread_rwlock_rdlock(lock);
            yield* pthread_rwlock_unlock(lock);
            yield* pthread_rwlock_unlock(lock);
          }
          function* change(): Generator<void, void, void> {
            yield* pthread_rwlock_wrlock(lock);
            yield* pthread_rwlock_unlock(lock);
          }
          yield* threads(readTwice, change);
        }),
      ).toBeLessThanOrEqual(300);
    });

    test('gives the same runs for the same seeds', () => {
      const digests = (strategy: Strategy) =>
        Array.from({ length: 40 }, (_, i) => learnFrom(strategy, i + 1, publication).digest);
      expect(digests(make())).toEqual(digests(make()));
      expect(new Set(digests(make())).size).toBeGreaterThan(5);
    });

    test('starves nobody when LWPs spin: on a flag, a point, a failing exchange, a lock', () => {
      const spinning: Main = function* main() {
        const m: Memory = { flag: 0, other: 0 };
        const a = new AtomicUint(0);
        const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
        function* onFlag(): Generator<void, void, void> {
          while ((yield* read(m, 'flag', 1)) === 0) yield* preempt();
        }
        function* onExchange(): Generator<void, void, void> {
          while (atomic_cas_uint(a, 1, 2) !== 1 && a.value !== 2) yield* preempt();
        }
        function* onLock(): Generator<void, void, void> {
          for (let set = 0; set === 0; ) {
            yield* mutex_enter(mtx);
            set = yield* read(m, 'flag', 2);
            mutex_exit(mtx);
          }
        }
        function* work(): Generator<void, void, void> {
          for (let i = 0; i < 20; i++) yield* write(m, 'other', i, 3);
          a.value = 1;
          yield* mutex_enter(mtx);
          yield* write(m, 'flag', 1, 4);
          mutex_exit(mtx);
        }
        yield* threads(onFlag, onExchange, onLock, work);
      };
      const strategy = make();
      for (let seed = 1; seed <= 60; seed++) {
        const { verdict, message } = learnFrom(strategy, seed, spinning).outcome;
        expect(`${verdict} ${message}`).toBe('passed ');
      }
    });
  });
}

test('a strategy that begins from what another has learned goes on as that one does', () => {
  for (const make of [() => new SurwStrategy(1), () => new UrwStrategy(1)]) {
    const first = make();
    for (let seed = 1; seed <= 5; seed++) learnFrom(first, seed, publication);
    const second = make();
    second.load(structuredClone(first.export()));
    for (let seed = 100; seed <= 120; seed++) {
      const digest = learnFrom(first, seed, publication).digest;
      expect(learnFrom(second, seed, publication).digest).toBe(digest);
    }
  }
});

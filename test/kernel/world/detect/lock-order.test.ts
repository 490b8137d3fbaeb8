import { describe, expect, test } from 'vitest';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  mutex_tryenter,
} from '../../../../kernel/kern/kern_mutex.ts';
import { RW_READER, rw_enter, rw_exit, rw_obj_alloc } from '../../../../kernel/kern/kern_rwlock.ts';
import { plainReport } from '../../../../kernel/world/report.ts';
import {
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  type Sem,
  sem_init,
  sem_post,
  sem_wait,
} from '../../../../kernel/pthread/index.ts';
import { together } from '../../parallel.ts';
import { silent, watch, watchAll } from './watched.ts';
import { detectors } from '../../../../kernel/world/detect/index.ts';

const ORDER = ['lock-order'] as const;
const mutex = (name: string) => mutex_obj_alloc(MUTEX_DEFAULT, name);

function* both(a: KMutex, b: KMutex): Generator<void, void, void> {
  yield* mutex_enter(a);
  yield* mutex_enter(b);
  mutex_exit(b);
  mutex_exit(a);
}

function* opposite(): Generator<void, void, void> {
  const a = mutex('a');
  const b = mutex('b');
  yield* together(
    () => both(a, b),
    () => both(b, a),
  );
}

describe('a possible deadlock', () => {
  test('is told of in every run that passes, and fails none', () => {
    const { reports, verdicts } = watchAll(ORDER, {}, opposite, 100);
    expect(reports).toHaveLength(verdicts['passed']);
    expect(Object.keys(verdicts).sort()).toEqual(['deadlock', 'passed']);
  });

  test('names every LWP with both locks, and the locks for who would try', () => {
    const { reports } = watchAll(ORDER, {}, opposite, 20);
    const report = plainReport(reports[0]);
    expect(report).toMatchObject({ verdict: 'lock-order', detector: 'lock-order' });
    expect(report.message).toMatch(
      /^a deadlock is possible: LWP [23] \(t[01]\) held '[ab]' and took/,
    );
    expect(report.sides.map(({ held }) => held).sort()).toEqual([['a'], ['b']]);
    expect(report.sides.map(({ lwp }) => lwp).sort()).toEqual([2, 3]);
    expect(report.variables).toHaveLength(2);
    expect(structuredClone(report)).toEqual(report);
    expect(new Set(reports.map(({ signature }) => signature)).size).toBe(1);
  });

  test('ends the run when the detector is told to', () => {
    const { verdicts } = watchAll(ORDER, { ends: true }, opposite, 50);
    expect(Object.keys(verdicts).sort()).toEqual(['deadlock', 'lock-order']);
  });

  test('is found among three, and among the locks of threads', () => {
    const three = function* () {
      const forks = [0, 1, 2].map((i) => pthread_mutex_init(`fork ${i}`));
      const eat = (i: number) =>
        function* () {
          void (yield* pthread_mutex_lock(forks[i]));
          void (yield* pthread_mutex_lock(forks[(i + 1) % 3]));
          void (yield* pthread_mutex_unlock(forks[(i + 1) % 3]));
          void (yield* pthread_mutex_unlock(forks[i]));
        };
      yield* together(eat(0), eat(1), eat(2));
    };
    const { reports, verdicts } = watchAll(ORDER, {}, three, 100);
    expect(reports).toHaveLength(verdicts['passed']);
    expect(reports[0].sides).toHaveLength(3);
  });

  test('is found with several detectors at once', () => {
    const monitor = detectors(['race', 'lock-order']);
    const ran = [1, 2, 3, 4, 5, 6].map((seed) => watch(monitor, {}, seed, opposite));
    expect(ran.flatMap(({ reports }) => reports.map((r) => r.detector))).toContain('lock-order');
  });
});

describe('no possible deadlock, when', () => {
  test('all take the locks in one order', () => {
    silent(ORDER, function* () {
      const a = mutex('a');
      const b = mutex('b');
      yield* together(
        () => both(a, b),
        () => both(a, b),
      );
    });
  });

  test('a gate lock is held around both', () => {
    silent(ORDER, function* () {
      const [gate, a, b] = ['gate', 'a', 'b'].map(mutex);
      const gated = (one: KMutex, two: KMutex) =>
        function* () {
          yield* mutex_enter(gate);
          yield* both(one, two);
          mutex_exit(gate);
        };
      yield* together(gated(a, b), gated(b, a));
    });
  });

  test('one LWP takes them in both orders, or one after the other has ended', () => {
    silent(ORDER, function* () {
      const a = mutex('a');
      const b = mutex('b');
      yield* together(() => both(a, b));
      yield* both(b, a);
      yield* together(() => both(a, b));
    });
  });

  test('a semaphore orders them', () => {
    silent(ORDER, function* () {
      const a = mutex('a');
      const b = mutex('b');
      const sem = sem_init(0, 'sem') as Sem;
      yield* together(
        function* () {
          yield* both(a, b);
          void (yield* sem_post(sem));
        },
        function* () {
          void (yield* sem_wait(sem));
          yield* both(b, a);
        },
      );
    });
  });

  test('one side only tries', () => {
    silent(ORDER, function* () {
      const a = mutex('a');
      const b = mutex('b');
      yield* together(
        () => both(a, b),
        function* () {
          yield* mutex_enter(b);
          if (mutex_tryenter(a)) mutex_exit(a);
          mutex_exit(b);
        },
      );
    });
  });

  test('both locks are only read', () => {
    silent(ORDER, function* () {
      const a = rw_obj_alloc('a');
      const b = rw_obj_alloc('b');
      const reads = (one: typeof a, two: typeof a) =>
        function* () {
          yield* rw_enter(one, RW_READER);
          yield* rw_enter(two, RW_READER);
          rw_exit(two);
          rw_exit(one);
        };
      yield* together(reads(a, b), reads(b, a));
    });
  });
});

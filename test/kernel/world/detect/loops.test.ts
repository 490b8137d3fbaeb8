import { expect, test } from 'vitest';
import { kpause, preempt } from '../../../../kernel/kern/kern_sleepq.ts';
import { together } from '../../parallel.ts';
import { Cell, get, put, watch } from './watched.ts';
import { detectors } from '../../../../kernel/world/detect/index.ts';

test('a spent budget names the loop in which two LWPs give way to each other for ever', () => {
  const { outcome, reports } = watch(detectors(['race']), { budget: 100_000 }, 1, function* () {
    const c = new Cell();
    const polite = function* () {
      for (;;) {
        yield* put(c, 1);
        if ((yield* get(c)) !== 1) break;
        yield* preempt();
      }
    };
    yield* together(polite, polite);
  });
  expect(outcome.verdict).toBe('timeout');
  expect(outcome.message).toMatch(
    /^the budget of 100000 statements is spent: LWP 2 \(t0\) and LWP 3 \(t1\) go round the loop at rumpus\/test\/kernel\/world\/detect\/loops\.test\.ts:1[12] \(polite\), \d+ and \d+ times in the last 20000 statements$/,
  );
  const found = reports.find(({ detector }) => detector === 'livelock');
  expect(found?.sides.map(({ lwp }) => lwp)).toEqual([2, 3]);
  expect(found?.explanation).toEqual([
    'LWP 2 (t0) reads Cell#1.value.',
    'LWP 3 (t1) reads Cell#1.value.',
  ]);
});

test('it names who could run and never did', () => {
  const options = { budget: 50_000, ncpu: 1, preempt: false };
  const { outcome } = watch(null, options, 1, function* () {
    const flag = { set: false };
    const waits = function* () {
      while (!flag.set) yield* preempt();
    };
    const sets = function* () {
      flag.set = true;
      yield* kpause('set', 'uninterruptible', 1000);
    };
    yield* together(waits, sets);
  });
  expect(outcome.message).toMatch(/LWP 2 \(t0\) goes round the loop at .*\(waits\), \d+ times in/);
  expect(outcome.message).toMatch(/; LWP 3 \(t1\) could run and never did$/);
});

test('the outer of two loops is named, and none where nothing repeats', () => {
  const { outcome } = watch(null, { budget: 40_000 }, 1, function* () {
    let sum = 0;
    for (;;) {
      for (let i = 0; i < 10; i++) sum += i;
      if (sum < 0) yield* preempt();
    }
  });
  expect(outcome.message).toMatch(
    /LWP 1 \(main\) goes round the loop at .*:5[0-9] \(.*\), \d+ times/,
  );
});

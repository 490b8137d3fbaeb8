/** The report of a finding, as text, for every kind of finding. */

import { expect, test } from 'vitest';
import {
  ClassHash,
  reportOfFound,
  reportText,
  SeenClasses,
  statisticsLines,
  statisticsOf,
} from '../../../debugger/hunt/report/index.ts';
import { shrink } from '../../../debugger/hunt/shrink/index.ts';
import { execute, runRange } from '../../../debugger/index.ts';
import { RandomStrategy, Variables } from '../../../kernel/index.ts';
import { expectGolden } from '../../golden.ts';
import { failing, reported, steady } from './reporting.ts';

const FAILING: readonly (readonly [string, string, string])[] = [
  ['kassert', 'gallery/kern-43694/buggy.ts', 'ncpu=2,access|1@5>2 2@2>1'],
  [
    'lost-update',
    'hunt/programs/update_closure/buggy.ts',
    'preempt,access|1@1>3 3@1>2 2.1>1 1.4>2 2.2>3 3.1>1',
  ],
  [
    'atomicity',
    'hunt/programs/stringbuffer/buggy.ts',
    'preempt,access|1.3>2 2.1>3 3@1>1 1.4>2 2.5>1',
  ],
  ['deadlock', 'hunt/programs/deadlock01/buggy.ts', 'preempt,access|1.4>3 3@1>2 2@1>1 3@2>2'],
  ['lost-wakeup', 'hunt/programs/lost_wakeup/buggy.ts', 'preempt,access|1.4>2 2@1>3 3.1>2 2.2>3'],
  [
    'use-after-free',
    'hunt/programs/treiber_free/buggy.ts',
    'preempt,access|1@1>2 2@1>3 3.1>2 2.2>3',
  ],
  ['panic', 'hunt/programs/channel_close/buggy.ts', 'preempt,access|3@4>2'],
];

test.each(FAILING)(
  '%s: both operations, the timeline and the swap, in 80 columns',
  async (name, file, schedule) => {
    const report = await reported(file, schedule);
    expect(report.verdict).not.toBe('passed');
    const lines = reportText(steady(report));
    const start = lines.findIndex((line) => /^ +icount /.test(line));
    const table = lines.slice(start, lines.indexOf('', start));
    expect(table.length).toBeGreaterThan(2);
    for (const line of table) expect(line.length).toBeLessThanOrEqual(80);
    expectGolden(
      import.meta.url,
      `report-${name}`,
      `${lines.join('\n').replace(/\(icount \d+/g, '(icount N')}\n`,
    );
  },
);

test('what shrinking found out is in the report: the swap, the size, the certificate', async () => {
  const { loaded, spec, found } = await failing(
    'hunt/programs/stringbuffer/buggy.ts',
    'preempt,access|1.3>2 2.1>3 3@1>1 1.4>2 2.5>1',
  );
  const shrunk = await shrink(loaded, spec, found, { certify: 200 });
  const counts = { schedules: 3, failures: 1 };
  const report = reportOfFound(loaded, spec, shrunk, { found, times: 1 }, counts);
  expect(report.verdict).toBe('program-error');
  expect(report.headline).toMatch(/^program error: erase \/ copyChars on StringBuffer#2\.count: /);
  expect(report.sides.map(({ does, before, after }) => [does, before, after])).toEqual([
    ['writes', '3', '0'],
    ['reads', '0', ''],
  ]);
  expect(report.swap?.sentence).toMatch(/^The same run .*passes/);
  expect(report.shrink?.directives).toBeLessThanOrEqual(report.shrink?.directivesBefore ?? 0);
  expect(report.shrink?.minimal).toBe(shrunk.certificate.sentence);
  expect(report.reproduce).toContain(`--schedule '${shrunk.schedule}'`);
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({ verdict: 'program-error', ncpu: 2 });
});

test('a data race is told with both accesses, and the schedule in which it does not happen', async () => {
  const { loaded, spec: plain } = await failing(
    'hunt/programs/update_element/buggy.ts',
    'preempt,access|',
  );
  const spec = { ...plain, detectors: ['race'] as const };
  const { bugs } = runRange(loaded, spec, 0, 50, { seek: 'all' });
  const bug = bugs.find(({ found }) => found.verdict === 'data-race');
  if (bug === undefined) throw new Error('no race was found');
  const report = reportOfFound(loaded, spec, null, bug, { schedules: 50, failures: 1 });
  expect(report.headline).toMatch(/^data race: fill \/ fill on histogram\[\d\]$/);
  expect(report.sides).toHaveLength(2);
  expect(report.sides[0].lwp).not.toBe(report.sides[1].lwp);
  expect(report.sides.some(({ does }) => does === 'writes')).toBe(true);
});

test('a captured variable has its values, before and after', async () => {
  const [, file, schedule] = FAILING[1];
  const { sides } = await reported(file, schedule);
  expect(sides.map(({ object, before, after }) => `${object} ${before} ${after}`)).toEqual([
    'total 0 7',
    'total 7 5',
  ]);
});

test('a report of the same schedule is the same again', async () => {
  const [, file, schedule] = FAILING[0];
  expect(await reported(file, schedule)).toEqual(await reported(file, schedule));
});

test('statistics: Good and Turing, the rule of three, and nothing that is not known', () => {
  const seen = statisticsOf({ schedules: 1000, failures: 0, classes: { seen: 40, once: 10 } });
  expect(seen.unseen).toBe(0.01);
  // 1 - 0.05 ** (1 / n) is about 3 / n.
  expect(seen.bound).toBeCloseTo(0.003, 4);
  expect(statisticsLines(seen)).toEqual([
    ['schedules', '1,000'],
    ['classes', '40 different, 10 of them seen once'],
    ['new', '1 % of schedules still show something new (Good–Turing)'],
    ['bound', 'a bug that 1 schedule in 334 shows would have been found with 95 %'],
  ]);
  const whole = statisticsOf({ schedules: 4, failures: 0, exhausted: { classes: 4 } });
  expect(statisticsLines(whole)).toEqual([
    ['schedules', '4'],
    ['exhausted', 'all 4 classes explored'],
  ]);
  const failed = statisticsOf({ schedules: 7, failures: 1 });
  expect([failed.bound, failed.unseen, failed.pctFound]).toEqual([null, null, null]);
});

test('statistics: a bug of depth 3 is met by PCT with at least 1 / (n k^2) a schedule', () => {
  const { pctFound } = statisticsOf({
    schedules: 10_000,
    failures: 0,
    pct: { depth: 3, lwps: 2, steps: 50 },
  });
  expect(pctFound).toBeCloseTo(1 - (1 - 1 / 5000) ** 10_000, 6);
});

test('schedules that differ in the order of independent operations are one class', async () => {
  const { loaded, spec } = await failing('hunt/programs/deadlock01/fixed.ts', 'preempt|');
  const digests = new Set<string>();
  const classes = new SeenClasses();
  const hash = new ClassHash();
  for (let seed = 1; seed <= 200; seed++) {
    const strategy = Object.assign(new RandomStrategy(seed), { looksAtOps: true });
    hash.begin();
    const { world } = execute(loaded, spec, {
      strategy,
      created(w) {
        w.steps = hash;
        w.variables ??= new Variables();
      },
    });
    digests.add(`${world.digest0} ${world.digest1}`);
    classes.add(hash.value());
  }
  // Two LWPs take two locks in one order. Who comes first makes two classes; a wait may make more.
  expect(classes.seen).toBeGreaterThanOrEqual(2);
  expect(classes.seen * 4).toBeLessThanOrEqual(digests.size);
  expect(classes.once).toBe(0);
});

test('classes that two threads have seen are put together', () => {
  const one = new SeenClasses();
  const two = new SeenClasses();
  for (const value of [1, 2, 2, 3]) one.add(value);
  for (const value of [3, 4]) two.add(value);
  one.merge(two.data());
  expect([one.seen, one.once]).toEqual([4, 2]);
});

/** How the bench judges what it measured. */

import { expect, test } from 'vitest';
import { judge, percentile } from '../../bench/figure.ts';

const nothing = () => ({ windows: [] });

test('the best window is the verdict, and the spread is shown', () => {
  const figure = { name: 'f', unit: 'ns', target: { atMost: 10 }, measure: nothing };
  const windows = [30, 9, 20, 12, 11];
  expect(judge(figure, { windows })).toEqual({
    name: 'f',
    best: 9,
    median: 12,
    p10: 9,
    p90: 30,
    unit: 'ns',
    target: '≤ 10',
    ok: true,
  });
});

test('where more is better the largest window is the best', () => {
  const figure = { name: 'f', unit: 'M/s', target: { atLeast: 10 }, measure: nothing };
  expect(judge(figure, { windows: [9, 11, 8] })).toMatchObject({ best: 11, ok: true });
  expect(judge(figure, { windows: [9, 8] })).toMatchObject({ best: 9, ok: false });
});

test('a ratio is judged by itself and names its baseline', () => {
  const figure = { name: 'f', unit: '×', target: { atMost: 2 }, measure: nothing };
  const measured = { windows: [1, 3], best: 2.5, ratio: 2.5, against: 'plain' };
  expect(judge(figure, measured)).toMatchObject({ ok: false, ratio: 2.5, against: 'plain' });
});

test('a figure without a target is only shown', () => {
  const result = judge({ name: 'f', unit: 'ns', measure: nothing }, { windows: [1.23456] });
  expect(result).toMatchObject({ target: null, ok: true, best: 1.23 });
});

test('a percentile is one of the values', () => {
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(3);
  expect(percentile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(percentile([1], 0.1)).toBe(1);
});

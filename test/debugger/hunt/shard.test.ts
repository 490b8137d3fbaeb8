/** Shards: together they run each schedule once; what is wrong with one is one sentence. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../debugger/index.ts';
import {
  batchesOf,
  schedulesOfShard,
  type Shard,
  shardOf,
  shardText,
} from '../../../debugger/hunt/shard.ts';

test('i/n is read, and written again', () => {
  expect(shardOf('2/4')).toEqual({ index: 1, count: 4 });
  expect(shardOf(' 1/1 ')).toEqual({ index: 0, count: 1 });
  expect(shardText(shardOf('3/7'))).toBe('3/7');
});

test.each(['', '2', '2/', '/2', '0/4', '5/4', '1/0', 'a/b', '1/4/2', '-1/4', '1/99999', '1.5/4'])(
  '--shard %j is one sentence',
  (text) => {
    expect(() => shardOf(text)).toThrow(InputError);
    expect(() => shardOf(text)).toThrow(/^--shard [^\n]+$/);
  },
);

test('the shards of a hunt run each of its schedules once', () => {
  const numbers = { max: 5000, min: 1 };
  fc.assert(
    fc.property(
      fc.integer(numbers),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 12 }),
      (schedules, size, count) => {
        const times = new Uint8Array(schedules);
        for (let index = 0; index < count; index++) {
          const shard: Shard = { index, count };
          let own = 0;
          for (const { from, to, number } of batchesOf(schedules, size, shard)) {
            expect(number % count).toBe(index);
            for (let i = from; i < to; i++) times[i]++;
            own += to - from;
          }
          expect(schedulesOfShard(schedules, size, shard)).toBe(own);
        }
        expect(times.every((n) => n === 1)).toBe(true);
      },
    ),
  );
});

/** Schedule strings: they say exactly what they were made of, and where they cannot be read. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeText, parseComplete } from '../../../debugger/hunt/shrink/head.ts';
import { parseSchedule, scheduleText } from '../../../debugger/hunt/shrink/text.ts';
import { DEFAULT_SPEC, type RunSpec } from '../../../debugger/index.ts';
import { FAULTS } from '../../../kernel/index.ts';

const word = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 0x7fffffff }));
const directive = fc.tuple(fc.integer({ min: 0, max: 3 }), word, word, word);
const schedule = fc.array(directive).map((list) => Int32Array.from(list.flat()));

const knobs = fc.record(
  {
    ncpu: fc.integer({ min: 1, max: 64 }),
    preempt: fc.boolean(),
    threads: fc.boolean(),
    memlimitBytes: fc.integer({ min: 0, max: 1e9 }),
    nvnodes: fc.integer({ min: 1, max: 1 << 24 }),
    blkfail: fc.integer({ min: 0, max: 10_000 }),
    blkfailSeed: fc.integer({ min: 0, max: 0xffffffff }),
    faults: fc.constantFrom(0, ...Object.values(FAULTS), FAULTS['io'] | FAULTS['memory']),
    lockdebug: fc.boolean(),
    verbose: fc.boolean(),
  },
  { requiredKeys: [] },
);
const spec = fc.record({
  seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  grain: fc.constantFrom<RunSpec['grain']>('sync', 'access', 'statement'),
  budget: fc.integer({ min: 0, max: 1e12 }),
  detectors: fc.constantFrom<RunSpec['detectors']>([], ['race'], ['race', 'lock-order']),
  ending: fc.oneof(fc.constant(''), fc.string()),
  args: fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant("it's, a|b"))),
  knobs,
});

test('directives read as they are written in the manual', () => {
  expect(parseSchedule('2@17>1 2.17>1  2:17>1 2?17=1')).toEqual(
    Int32Array.of(0, 2, 17, 1, 3, 2, 17, 1, 1, 2, 17, 1, 2, 2, 17, 1),
  );
  expect(parseSchedule(' ')).toEqual(new Int32Array(0));
});

test('any directives come back from their text', () => {
  fc.assert(
    fc.property(schedule, (words) => {
      expect(parseSchedule(scheduleText(words))).toEqual(words);
    }),
  );
});

test('any spec comes back from its head, which fits between single quotes', () => {
  fc.assert(
    fc.property(spec, schedule, (told, words) => {
      const text = completeText({ ...DEFAULT_SPEC, ...told }, words);
      expect(text).toMatch(/^[\x20-\x26\x28-\x7e]*$/);
      const parsed = parseComplete(text);
      expect(parsed.words).toEqual(words);
      expect({ ...DEFAULT_SPEC, ...parsed.spec }).toEqual({ ...DEFAULT_SPEC, ...told });
    }),
  );
});

test('what is default is not written', () => {
  expect(completeText(DEFAULT_SPEC, Int32Array.of(0, 2, 17, 1))).toBe('2@17>1');
  const told: RunSpec = { ...DEFAULT_SPEC, seed: 7, grain: 'access', args: ['a b'] };
  const words = Int32Array.of(3, 2, 17, 1);
  expect(completeText({ ...told, knobs: { ncpu: 2, preempt: false } }, words)).toBe(
    'seed=7,ncpu=2,no-preempt,access,arg=a%20b|2.17>1',
  );
});

test.each([
  ['2@17', "in the schedule, at character 1: '2@17' is no directive such as 2@17>1"],
  ['2@17>1 x', "in the schedule, at character 8: 'x' is no directive"],
  ['2@17=1', "in the schedule, at character 1: '2@17=1' is no directive"],
  ['2?17>1', "in the schedule, at character 1: '2?17>1' is no directive"],
  ['2@2147483648>1', "at character 1: '2@2147483648>1' has a number above 2147483647"],
  ['seed=7,|2@17>1 ?', "in the schedule, at character 16: '?' is no directive"],
  ['seed=7,nice|', "at character 8: 'nice' is no word of a head: those are seed=…, budget=…"],
  ['seed=7,toString=1|', "at character 8: 'toString=1' is no word of a head"],
  ['seed=7,ncpu=65|', 'ncpu must be a whole number from 1 to 64'],
  ['arg=%zz|', "at character 1: 'arg=%zz' has an escape that cannot be read"],
])('%s cannot be read, which one sentence says', (text, message) => {
  expect(() => parseComplete(text)).toThrow(message);
});

test('any text is read or refused in a sentence', () => {
  const pieces = fc.constantFrom(
    '2',
    '@',
    '.',
    ':',
    '?',
    '>',
    '=',
    '1',
    ' ',
    ',',
    '|',
    'seed',
    'arg',
    '%',
    'é',
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      try {
        const { words, spec: told } = parseComplete(parts.join(''));
        expect(parseComplete(completeText({ ...DEFAULT_SPEC, ...told }, words)).words).toEqual(
          words,
        );
      } catch (error) {
        expect((error as Error).message).toMatch(/^in the schedule, at character \d+: '/);
      }
    }),
  );
});

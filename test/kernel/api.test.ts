/**
 * The exports of `rumpus` are what kernel/api.ts promises. The types are checked by the type check,
 * which covers this file; what runs here holds the values.
 */

import { expect, expectTypeOf, test } from 'vitest';
import * as rumpus from '../../kernel/index.ts';
import type {
  Expectation,
  KernelHandle,
  MaySleep,
  Program,
  Rumpus,
  Sys,
  SysOf,
} from '../../kernel/index.ts';

test('the functions of the package have the types that api.ts gives them', () => {
  const { component, expectVerdict, knownBug, program } = rumpus;
  const exports: Rumpus = { component, expectVerdict, knownBug, program };
  expect(Object.values(exports).every((value) => typeof value === 'function')).toBe(true);
});

test('system calls give what their functions give, without the errnos', () => {
  expectTypeOf<ReturnType<Sys['getpid']>>().toEqualTypeOf<MaySleep<number>>();
  expectTypeOf<Parameters<Sys['mkdir']>>().toEqualTypeOf<[path: string, mode: number]>();
  expectTypeOf<ReturnType<KernelHandle['spawn']>['pid']>().toEqualTypeOf<number>();
});

test('a component adds system calls to the type with SysOf', () => {
  const mine = {
    twice: rumpus.sysent(900, (_l: rumpus.Lwp, n: number) => rumpus.done(2 * n), ['number']),
  };
  expectTypeOf<ReturnType<SysOf<typeof mine>['twice']>>().toEqualTypeOf<MaySleep<number>>();
  expect(rumpus.component({ name: 'mine', syscalls: mine })).toMatchObject({
    kind: 'rumpus component',
    name: 'mine',
  });
});

test('program() takes options and main, or main alone', () => {
  const main = function* main(): Generator<void, void, void> {};
  const both: Program = rumpus.program({ ncpu: 4 }, main);
  const alone: Program = rumpus.program(main);
  expect(both.options.ncpu).toBe(4);
  expect(alone.main).toBe(main);
  const expected: Expectation = rumpus.knownBug('kern/43694', 'kassert', /count/);
  expect(expected.bug).toBe('kern/43694');
});

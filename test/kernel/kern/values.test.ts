/** Time, random numbers, atomic operations: what has values rather than sleeps. */

import { expect, test } from 'vitest';
import {
  AtomicUint,
  atomic_add_int,
  atomic_and_uint,
  atomic_cas_uint,
  atomic_dec_uint_nv,
  atomic_inc_uint,
  atomic_inc_uint_nv,
  atomic_or_uint,
  atomic_swap_uint,
  CLOCK_MONOTONIC,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_THREAD_CPUTIME_ID,
  cprng_fast,
  cprng_fast32,
  EPOCH_NS,
  getnanotime,
  hardclock_ticks,
  hz,
  hztoms,
  mstohz,
  nanotime,
  preempt,
} from '../../../kernel/index.ts';
import { passes } from '../harness.ts';
import { caught, codeOf, parallel, silent } from '../parallel.ts';

const BARE = { components: [] };

test('the wall clock is the host clock at boot plus the uptime (clock_gettime(2))', () => {
  passes(BARE, function* main(sys) {
    const wall = yield* sys.clock_gettime(CLOCK_REALTIME);
    expect(wall - EPOCH_NS).toBeLessThan(1e6);
    yield* sys.nanosleep(3e9);
    const later = yield* sys.clock_gettime(CLOCK_REALTIME);
    expect(later - wall).toBeGreaterThanOrEqual(3e9);
    expect(later - wall).toBeLessThan(3.001e9);
    expect(nanotime() - getnanotime()).toBeLessThan(1e9 / hz);
  });
});

test('clock_settime moves the wall clock only, for the superuser (clock_settime(2))', () => {
  passes(BARE, function* main(sys) {
    const uptime = yield* sys.clock_gettime(CLOCK_MONOTONIC);
    yield* sys.clock_settime(CLOCK_REALTIME, 5e9);
    expect(yield* sys.clock_gettime(CLOCK_REALTIME)).toBeLessThan(5.001e9);
    expect((yield* sys.clock_gettime(CLOCK_MONOTONIC)) - uptime).toBeLessThan(1e6);
    expect(yield* codeOf(() => sys.clock_settime(CLOCK_MONOTONIC, 0))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.clock_settime(CLOCK_REALTIME, -1))).toBe('EINVAL');
    yield* sys.seteuid(1);
    expect(yield* codeOf(() => sys.clock_settime(CLOCK_REALTIME, 0))).toBe('EPERM');
  });
});

test('CPU time counts what an LWP runs, not what it sleeps (clock_gettime(2))', () => {
  passes(BARE, function* main(sys) {
    const before = yield* sys.clock_gettime(CLOCK_THREAD_CPUTIME_ID);
    yield* sys.nanosleep(60e9);
    const after = yield* sys.clock_gettime(CLOCK_THREAD_CPUTIME_ID);
    expect(after).toBeGreaterThan(before);
    expect(after - before).toBeLessThan(1e6);
    expect(yield* sys.clock_gettime(CLOCK_PROCESS_CPUTIME_ID)).toBeGreaterThan(after);
    expect(yield* sys.clock_getres(CLOCK_REALTIME)).toBe(10);
    expect(yield* codeOf(() => sys.clock_gettime(99))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.nanosleep(-1))).toBe('EINVAL');
    expect(yield* codeOf(() => sys.nanosleep(Number.NaN))).toBe('EINVAL');
    expect(hardclock_ticks()).toBe(60 * hz);
    expect([mstohz(11), hztoms(3)]).toEqual([2, 30]);
  });
});

test('random numbers follow from the seed, and differ between kernels (cprng(9))', () => {
  const draw = () => {
    const drawn: number[] = [];
    passes(BARE, function* main(_sys, context) {
      const bytes = new Uint8Array(8);
      expect(cprng_fast(bytes)).toBe(8);
      for (let i = 0; i < 1000; i++) drawn.push(cprng_fast32());
      const other = yield* context.boot({ components: [] });
      const theirs = other.spawn(function* main2() {
        return cprng_fast32();
      });
      expect(drawn).not.toContain(yield* theirs.join());
    });
    return drawn;
  };
  const first = draw();
  expect(draw()).toEqual(first);
  const numbers = new Set(first.slice(0, 1000));
  expect(numbers.size).toBe(1000);
  const mean = [...numbers].reduce((sum, n) => sum + n / 2 ** 32, 0) / 1000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.04);
});

test('atomic operations wrap at 32 bits and give what atomic_ops(3) says', () => {
  const a = new AtomicUint(0xffffffff);
  expect(atomic_inc_uint_nv(a)).toBe(0);
  expect(atomic_dec_uint_nv(a)).toBe(0xffffffff);
  expect(atomic_swap_uint(a, 5)).toBe(0xffffffff);
  expect(atomic_cas_uint(a, 4, 9)).toBe(5);
  expect(a.value).toBe(5);
  expect(atomic_cas_uint(a, 5, 9)).toBe(5);
  atomic_or_uint(a, 0x80000000);
  expect(a.value).toBe(0x80000009);
  atomic_and_uint(a, 0x8000000f);
  atomic_add_int(a, -9);
  expect(a.value).toBe(0x80000000);
});

test('atomic increments lose nothing; load, add and store do (atomic_ops(3))', () => {
  const count = (increment: (a: AtomicUint) => Generator<void, void, void>) =>
    function* main(): Generator<void, void, void> {
      const a = new AtomicUint();
      yield* parallel(3, () => increment(a));
      if (a.value !== 3) throw new Error(`an increment was lost: ${a.value}`);
    };
  silent(
    count(function* atomic(a) {
      atomic_inc_uint(a);
    }),
    {},
    24,
  );
  const twin = count(function* split(a) {
    const value = a.value;
    yield* preempt();
    a.value = value + 1;
  });
  expect(caught(twin, 'program-error', /increment was lost/, {}, 24)).toBeGreaterThan(20);
});

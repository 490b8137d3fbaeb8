/**
 * Programs of several LWPs, and running one under every kind of schedule there is.
 */

import type { Main } from '../../kernel/api.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../kernel/kern/kern_lwp.ts';
import { SysError } from '../../kernel/kern/syserror.ts';
import type { MaySleep } from '../../kernel/maysleep.ts';
import type { Verdict } from '../../kernel/verdict.ts';
import { curlwp } from '../../kernel/world/current.ts';
import { type Ran, type RunOptions, run } from './harness.ts';

/** Runs each of `bodies` on an LWP of its own and waits for all of them. */
export function* together(...bodies: (() => MaySleep<unknown>)[]): Generator<void, void, void> {
  const l = curlwp();
  const lids = bodies.map((body, i) => {
    const other = lwp_create(l.proc, body, undefined, `t${i}`);
    lwp_start(other);
    return other.lid;
  });
  for (const lid of lids) yield* lwp_wait(l, lid);
}

/** Runs `body` on `count` LWPs and waits for all of them. */
export function* parallel(
  count: number,
  body: () => MaySleep<unknown>,
): Generator<void, void, void> {
  yield* together(...new Array<() => MaySleep<unknown>>(count).fill(body));
}

/** The code of the error that a system call ends with; '' for none. */
export function* codeOf(call: () => MaySleep<unknown>): Generator<void, string, void> {
  try {
    yield* call();
    return '';
  } catch (error) {
    if (error instanceof SysError) return error.code;
    throw error;
  }
}

const KINDS: readonly RunOptions[] = [1, 2, 4].flatMap((ncpu) =>
  [false, true].flatMap((preempt) =>
    (['sync', 'statement'] as const).flatMap((grain) =>
      (['random', 'pct'] as const).map((strategy) => ({ ncpu, preempt, grain, strategy })),
    ),
  ),
);

/** Every kind of schedule, `seeds` of each: 1, 2 and 4 CPUs, preemption, both grains, random, PCT. */
function everySchedule(
  options: RunOptions,
  seeds: number,
  main: Main,
  look: (ran: Ran) => void,
): void {
  for (const kind of KINDS) {
    for (let seed = 1; seed <= seeds; seed++) {
      const replay = seed % 16 === 0 ? 'compared' : 'left out';
      look(run({ components: [], replay, ...kind, ...options, seed }, main));
    }
  }
}

/** Expects `main` to pass under some 2,000 schedules of every kind. */
export function silent(main: Main, options: RunOptions = {}, seeds = 84): void {
  everySchedule(options, seeds, main, (ran) => {
    const { verdict, message, error } = ran.outcome;
    if (verdict !== 'passed') throw new Error(`${verdict}: ${message}`, { cause: error });
  });
}

/** Expects a buggy twin to be caught, and says how often in how many schedules. */
export function caught(
  main: Main,
  verdict: Verdict,
  message: RegExp,
  options: RunOptions = {},
  seeds = 84,
): number {
  let found = 0;
  everySchedule(options, seeds, main, ({ outcome }) => {
    if (outcome.verdict === 'passed') return;
    if (outcome.verdict !== verdict || !message.test(outcome.message)) {
      throw new Error(`not ${verdict} but ${outcome.verdict}: ${outcome.message}`);
    }
    found++;
  });
  if (found === 0) throw new Error(`no schedule ends with ${verdict}`);
  return found;
}

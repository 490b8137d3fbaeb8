/**
 * The fixture `kernel` of rumpus/vitest: a fresh kernel for each run, private to the test.
 *
 *   test('mkdir twice gives EEXIST', ({ kernel }) => {
 *     kernel.run(function* (sys) {
 *       yield* sys.mkdir('/a', 0o755);
 *       const error = yield* fails(() => sys.mkdir('/a', 0o755));
 *       expect(error).toHaveErrno('EEXIST');
 *     });
 *   });
 *
 * A run that does not end as it should is replayed and compared at once, leaves a core, and fails
 * the test with what there is to know (failure.ts).
 */

import {
  type Expectation,
  type MaySleep,
  type ProgramContext,
  program,
  type Sys,
  siteTable,
  type Verdict,
} from '../../kernel/index.ts';
import { Packages } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';
import { runRange, scheduleSeed } from '../hunt/schedules.ts';
import type { Execution } from '../run/execute.ts';
import { judge } from '../run/expected.ts';
import type { LoadedProgram } from '../run/load.ts';
import { finalDigest } from '../run/record.ts';
import type { RunSpec } from '../run/spec.ts';
import { isDebugged } from './debugged.ts';
import { loadedTest, type TestPlace } from './loaded.ts';
import { type KernelRunOptions, programOptions, specFor } from './options.ts';
import { recordingFor } from './replaying.ts';
import { failureOf, runOnce } from './runs.ts';
import { loadScheduled } from './schedule.ts';

/** The main function of a test's program; what it returns is the run's value. */
export type TestMain<T> = (sys: Sys, context: ProgramContext) => MaySleep<T>;

/** A run that ended as it should. */
export interface KernelRun<T> {
  /** What main returned; undefined when the run ended otherwise, as expected. */
  readonly value: T;
  readonly verdict: Verdict;
  readonly message: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly seed: number;
  /** What was printed on the console. */
  readonly console: string;
  /** Of the way and the final state, in hexadecimal. */
  readonly digest: string;
}

export interface HuntOptions extends KernelRunOptions {
  /** Schedules to run, each with a seed of its own. */
  readonly schedules: number;
}

/** What `rumpus/vitest` gives to a test. */
export interface TestKernel {
  /** Boots a kernel and runs `main` on it. Throws KernelFailure. */
  run<T>(main: TestMain<T>): KernelRun<T>;
  run<T>(options: KernelRunOptions, main: TestMain<T>): KernelRun<T>;
  /**
   * Runs `main` under one schedule after another and stops at the first that fails. Gives the
   * number of schedules run. With an expected verdict, never finding it is the failure.
   */
  hunt(options: HuntOptions, main: TestMain<unknown>): number;
  /**
   * Runs the program in a file as `rumpus hunt` does, under the schedule that it printed: what a test
   * that it wrote does. Directives that no longer fit are skipped. Throws KernelFailure.
   */
  replay(file: string | URL, schedule: string): Promise<KernelRun<unknown>>;
  /** The runs from here on are to end with this verdict: then passing is the failure. */
  expectVerdict(verdict: Verdict, message?: RegExp): void;
  /** The same for a known bug, until it is fixed. */
  knownBug(bug: string, verdict: Verdict, message?: RegExp): void;
}

class Fixture implements TestKernel {
  readonly #place: TestPlace;
  readonly #defaults: KernelRunOptions;
  #expectation: Expectation | undefined;
  #runs = 0;

  constructor(place: TestPlace, defaults: KernelRunOptions) {
    this.#place = place;
    this.#defaults = defaults;
    this.#expectation = defaults.expect;
  }

  run<T>(first: KernelRunOptions | TestMain<T>, second?: TestMain<T>): KernelRun<T> {
    const [given, main] = typeof first === 'function' ? [{}, first] : [first, second];
    if (main === undefined) throw new TypeError('kernel.run() needs a main function');
    const options = { ...this.#defaults, ...given };
    const loaded = this.#load(options, main);
    const expectation = given.expect ?? this.#expectation;
    return this.#once(loaded, specFor(options, this.#place.fullName), expectation, this.run);
  }

  hunt(options: HuntOptions, main: TestMain<unknown>): number {
    const { schedules, ...rest } = options;
    const all = { ...this.#defaults, ...rest };
    const loaded = this.#load(all, main);
    const spec = specFor(all, this.#place.fullName);
    const expectation = rest.expect ?? this.#expectation;
    const next = this.#runs + 1;
    if (isDebugged(next) || recordingFor(this.#place, next) !== undefined) {
      this.#once(loaded, spec, expectation, this.hunt);
      return 1;
    }
    const [bug] = runRange(loaded, spec, 0, schedules).bugs;
    if (bug === undefined) {
      this.#runs++;
      return nothingFound(schedules, expectation);
    }
    const { found } = bug;
    const failing = { ...spec, seed: scheduleSeed(spec.seed, found.index) };
    this.#once(loaded, failing, expectation, this.hunt);
    return found.index + 1;
  }

  async replay(file: string | URL, schedule: string): Promise<KernelRun<unknown>> {
    const { loaded, spec } = await loadScheduled(file, schedule);
    return this.#once(loaded, spec, this.#expectation, this.replay);
  }

  expectVerdict(verdict: Verdict, message?: RegExp): void {
    this.#expectation = { verdict, message };
  }

  knownBug(bug: string, verdict: Verdict, message?: RegExp): void {
    this.#expectation = { bug, verdict, message };
  }

  /** After the test: an expectation of a run that never came is a mistake. */
  finish(): void {
    if (this.#runs > 0 || this.#expectation === undefined) return;
    throw new InputError(
      `the test expects ${this.#expectation.verdict} but never called kernel.run()`,
    );
  }

  #load(options: KernelRunOptions, main: TestMain<unknown>): LoadedProgram {
    return loadedTest(this.#place, program(programOptions(options), main));
  }

  #once<T>(
    loaded: LoadedProgram,
    spec: RunSpec,
    expectation: Expectation | undefined,
    caller: Fixture['run'] | Fixture['hunt'] | Fixture['replay'],
  ): KernelRun<T> {
    const ran = runOnce(this.#place, loaded, spec, ++this.#runs);
    const { outcome } = ran.run;
    const { ok, note } = judge(outcome.verdict, outcome.message, expectation);
    if (!ok) {
      const failure = failureOf(this.#place, ran, note);
      // The position that vitest shows is that of the call in the test.
      Error.captureStackTrace(failure, caller);
      throw failure;
    }
    return new FinishedRun(ran.run, spec.seed, ran.run.world.main?.result as T);
  }
}

class FinishedRun<T> implements KernelRun<T> {
  readonly value: T;
  readonly verdict: Verdict;
  readonly message: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly seed: number;
  readonly console: string;
  readonly #run: Execution;

  constructor(run: Execution, seed: number, value: T) {
    this.value = value;
    this.verdict = run.outcome.verdict;
    this.message = run.outcome.message;
    this.icount = run.outcome.icount;
    this.virtualTimeNs = run.outcome.virtualTimeNs;
    this.seed = seed;
    this.console = run.console;
    this.#run = run;
  }

  /** Worked out when asked for: it walks the whole final state. */
  get digest(): string {
    return finalDigest(this.#run.world);
  }
}

function nothingFound(schedules: number, expectation: Expectation | undefined): number {
  if (expectation === undefined || expectation.verdict === 'passed') return schedules;
  const { ok, note } = judge('passed', '', expectation);
  if (ok) return schedules;
  throw new Error(`${schedules} schedules passed: ${note}`);
}

/** The fixture of one test. Throws InputError when the test file was not instrumented. */
export function makeFixture(place: TestPlace, defaults: KernelRunOptions): Fixture {
  const path = new Packages().portable(place.file);
  if (!siteTable.modules.some(({ table }) => table.path === path)) {
    throw new InputError(
      `${place.name} was not compiled by rumpus: add the plugin to vitest.config.ts, ` +
        "`import { rumpus } from 'rumpus/vite'` and `plugins: [rumpus()]`",
    );
  }
  return new Fixture(place, defaults);
}

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
  type Program,
  type ProgramContext,
  program,
  type Sys,
  siteTable,
  type Verdict,
} from '../../kernel/index.ts';
import { Packages } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';
import { specOfFound } from '../hunt/again.ts';
import type { Found } from '../hunt/found.ts';
import { runRange } from '../hunt/schedules.ts';
import { completeText, shrink } from '../hunt/shrink/index.ts';
import type { Execution } from '../run/execute.ts';
import { judge } from '../run/expected.ts';
import type { LoadedProgram } from '../run/load.ts';
import { finalDigest } from '../run/record.ts';
import type { RunSpec } from '../run/spec.ts';
import { isDebugged } from './debugged.ts';
import { loadedTest, type TestPlace } from './loaded.ts';
import { huntSpecFor, type KernelRunOptions, programOptions, specFor } from './options.ts';
import { recordingFor } from './replaying.ts';
import { failureOf, type FoundRun, runOnce } from './runs.ts';
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

type Caller = Fixture['run' | 'hunt' | 'huntAll' | 'replay'];

export class Fixture implements TestKernel {
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
    return this.#found(loaded, spec, bug.found, expectation, this.hunt);
  }

  /** For hunt() of rumpus/vitest: as `rumpus hunt` does it, with what the program says of itself. */
  async huntAll(options: HuntOptions, given: TestMain<unknown> | Program): Promise<number> {
    const { schedules, ...rest } = options;
    const own = typeof given === 'function' ? {} : given.options;
    const all = { ...this.#defaults, ...own, ...rest };
    const main = typeof given === 'function' ? given : given.main;
    const loaded = this.#load(all, main);
    const spec = huntSpecFor(all, this.#place.fullName);
    const expectation = all.expect ?? this.#expectation;
    if (recordingFor(this.#place, this.#runs + 1) !== undefined) {
      this.#once(loaded, spec, expectation, this.huntAll);
      return 1;
    }
    const [bug] = runRange(loaded, spec, 0, schedules).bugs;
    if (bug === undefined) {
      this.#runs++;
      return nothingFound(schedules, expectation);
    }
    // An expected failure is not looked at by anybody.
    const isExpected = judge(bug.found.verdict, bug.found.message, expectation).ok;
    if (isExpected) return this.#found(loaded, spec, bug.found, expectation, this.huntAll);
    const shrunk = await shrink(loaded, spec, bug.found, { certify: 0 });
    this.#once(loaded, shrunk.spec, expectation, this.huntAll, shrunk);
    return bug.found.index + 1;
  }

  /** Follows the schedule of what was found once more, with everything on. */
  #found(
    loaded: LoadedProgram,
    hunted: RunSpec,
    found: Found,
    expectation: Expectation | undefined,
    caller: Caller,
  ): number {
    const spec = specOfFound(hunted, found);
    const schedule = completeText(spec, found.words);
    this.#once(loaded, spec, expectation, caller, { found, schedule, swap: null });
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
    caller: Caller,
    found?: FoundRun,
  ): KernelRun<T> {
    const ran = runOnce(this.#place, loaded, spec, ++this.#runs, found);
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

/**
 * A scheduler for tests: runs a source plain and instrumented, and tells what each did.
 *
 * The plain twin is driven from the outermost generator; the instrumented one as the world does
 * it, from the innermost (`direct`), or from the outermost too (`native`); the access image without
 * switches (`access`), or with one before every access (`switching`). Sources see:
 *
 *   sleep()      a generator that yields once           note(x)   appends to the log
 *   done(x)      an answer that is there at once        EINVAL …  imported from './errno.ts'
 */

import { transformSync } from 'esbuild';
import { done, type Frame, hooks } from '../../../kernel/hooks.ts';
import { DONE } from '../../../kernel/maysleep.ts';
import { type Instrumented, instrument } from '../../../tracer/compiler/index.ts';

export type How = 'plain' | 'direct' | 'native' | 'access' | 'switching';

export interface Outcome {
  readonly log: readonly unknown[];
  readonly value: unknown;
  /** What main threw, as text. */
  readonly thrown: string | undefined;
  /** How often it slept. */
  readonly sleeps: number;
  readonly icount: number;
  readonly points: number;
  /** Frame and plain depth at the end; [0, 0] when all is repaired. */
  readonly depths: readonly [number, number];
}

interface Exports {
  main(...args: unknown[]): Frame;
}

const HEADER = "import { sleep, note, done, DONE } from 'test'; ";

class FakeErrno {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

export const ERRNOS = {
  EINVAL: new FakeErrno('EINVAL'),
  ENOENT: new FakeErrno('ENOENT'),
  EIO: new FakeErrno('EIO'),
};

export function compile(source: string, path = 'demo/main.ts', access = false): Instrumented {
  return instrument(HEADER + source, { path, hooks: 'test', access });
}

function* sleepPlain(): Generator<void, void, void> {
  yield;
}

/** Loads a module's text: its exports, with the test's own imports in reach. */
export function load(
  code: string,
  log: unknown[],
  how: How,
  change: (cjs: string) => string = (cjs) => cjs,
): Exports {
  const cjs = change(transformSync(code, { loader: 'ts', format: 'cjs', target: 'es2022' }).code);
  const module = { exports: {} as Exports };
  const test = {
    hooks,
    sleep: sleepPlain,
    note: (value: unknown) => log.push(value),
    done: how === 'plain' ? plainDone : done,
    DONE,
    rumpuser_dprintf: (...args: unknown[]) => log.push(args),
    ...ERRNOS,
  };
  new Function('module', 'exports', 'require', cjs)(module, module.exports, () => test);
  return module.exports;
}

/** Without instrumentation a done() is a generator that returns at once. */
function plainDone(value: unknown): unknown {
  return (function* () {
    return value;
  })();
}

interface Step {
  readonly done?: boolean;
  readonly value: unknown;
}

/** Resumes the innermost frame, and hands results and exceptions outwards. */
export function resumeInnermost(): Step {
  let failed = false;
  let error: unknown;
  for (let at = hooks.fp - 1; ; at--) {
    hooks.pd = 0;
    // The frame that ended is still counted: ret() in the outer one takes it away.
    hooks.fp = hooks.direct ? at + 2 : at + 1;
    let step: Step | undefined;
    try {
      step = failed ? hooks.frames[at].throw(error) : hooks.frames[at].next();
      failed = false;
    } catch (thrown) {
      hooks.direct = false;
      if (at === 0) throw thrown;
      failed = true;
      error = thrown;
    }
    if (step && !step.done) return step;
    if (step && at === 0) return step;
    if (step) {
      hooks.slot = step.value;
      hooks.direct = true;
    }
  }
}

function resumeOutermost(): Step {
  const fp = hooks.fp;
  hooks.pd = 0;
  const step = hooks.frames[0].next();
  if (!step.done && hooks.fp < 1) throw new Error(`frames went from ${fp} to ${hooks.fp}`);
  return step;
}

function reset(): void {
  Object.assign(hooks, { icount: 0, points: 0, stop: 0x3fffffff, pointStop: 0x3fffffff });
  Object.assign(hooks, { fp: 0, pd: 0, pending: 0, direct: false, slot: undefined, paused: 0 });
}

function drive(frame: Frame, how: How): { value: unknown; sleeps: number } {
  if (how === 'plain') {
    let sleeps = 0;
    for (let step = frame.next(); ; step = frame.next()) {
      if (step.done) return { value: step.value, sleeps };
      sleeps++;
    }
  }
  hooks.frames[0] = frame;
  hooks.fp = 1;
  hooks.pending = 0;
  const resume = how === 'native' ? resumeOutermost : resumeInnermost;
  for (let sleeps = 0; ; sleeps++) {
    const step = resume();
    if (step.done) return { value: step.value, sleeps };
  }
}

/** Answers every access with a switch, or leaves them alone. */
function watch(how: How): void {
  const { accesses } = hooks;
  accesses.watching = how === 'switching';
  const give = (_o: object, _k: unknown, _s: number, ...rest: unknown[]) => rest.at(-1) === true;
  const resumed = () => {};
  accesses.listener = {
    access: give,
    call: give,
    iterate: (_o, _s, yields) => yields,
    step: () => true,
    misfit: () => {},
    resumed,
  };
}

/** Runs `main` of a source one way; `change` is made to the script before it is loaded. */
export function run(
  source: string,
  how: How,
  args: unknown[] = [],
  change?: (cjs: string) => string,
): Outcome {
  const log: unknown[] = [];
  const access = how === 'access' || how === 'switching';
  const text = how === 'plain' ? HEADER + source : compile(source, undefined, access).code;
  const { main } = load(text, log, how, change);
  reset();
  watch(how);
  let value: unknown;
  let thrown: string | undefined;
  let sleeps = -1;
  try {
    ({ value, sleeps } = drive(main(...args), how));
    if (how !== 'plain') hooks.fp--;
  } catch (error) {
    thrown = String(error);
    hooks.fp = 0;
    hooks.pd = 0;
  }
  watch('plain');
  const { icount, points, fp, pd } = hooks;
  return { log, value, thrown, sleeps, icount, points, depths: [fp, pd] };
}

/** What a program can see of its own run. */
export function visible(outcome: Outcome): unknown {
  const { log, value, thrown, sleeps } = outcome;
  return { log, value, thrown, sleeps };
}

/**
 * Shrinking: a failing schedule becomes the few switches that matter, and the swap that explains them.
 *
 *   1. It is run as directives relative to the default schedule; what was really used is kept.
 *   2. Directives are taken away while the run fails in the same way (reduce.ts).
 *   3. Where it is cheap, all schedules with fewer preemptions are run (certify.ts); one that fails
 *      takes its place, and none means that it cannot be smaller.
 *   4. LWPs that the failure does not need are held back, every switch is moved as late as it will
 *      go (later.ts), and the kernels' random seed becomes the usual one.
 *   5. The nearest passing schedule is found (swap.ts).
 */

import type { LoadedProgram } from '../../run/load.ts';
import { DEFAULT_SPEC, type RunSpec } from '../../run/spec.ts';
import { specOfFound } from '../again.ts';
import type { Found } from '../found.ts';
import { certify, NOT_SEARCHED } from './certify.ts';
import { completeText } from './head.ts';
import { moveLater } from './later.ts';
import { stepsOf, wordsOf } from './moments.ts';
import { describeSwap } from './operations.ts';
import { holdBack, reduce } from './reduce.ts';
import { nearestPassing } from './swap.ts';
import { Interrupted, type Trial, Trials } from './trial.ts';
import type { Certificate, Shrunk, Size, Swap } from './types.ts';

/** Runs that shrinking takes at most, without those for the certificate. */
const REPLAYS_MAX = 100;
/** Runs of them that are kept for what comes after the taking away. */
const RESERVED = 0.4;
/** The run in which the swap is put into words. */
const DESCRIBED = 1;
/** Schedules that are run to certify that none is smaller, at most. */
const CERTIFY_MAX = 3000;

export interface ShrinkOptions {
  /** Runs at most; default 100. */
  readonly replays?: number;
  /** Schedules run at most for the certificate; 0 for none. Default 3000. */
  readonly certify?: number;
  /** Ends it early: what there is by then is the result. */
  readonly signal?: AbortSignal;
}

/** What there is so far. */
interface Progress {
  readonly trials: Trials;
  before: Size | null;
  best: Trial | null;
  certificate: Certificate;
  swap: Swap | null;
  trouble: string;
}

/** Shrinks what a hunt with `spec` found. The result always fails like `found`, or says why not. */
export async function shrink(
  loaded: LoadedProgram,
  spec: RunSpec,
  found: Found,
  options: ShrinkOptions = {},
): Promise<Shrunk> {
  const told: RunSpec = {
    ...specOfFound(spec, found),
    strategy: DEFAULT_SPEC.strategy,
    depth: DEFAULT_SPEC.depth,
    expectedSteps: DEFAULT_SPEC.expectedSteps,
  };
  const progress: Progress = {
    trials: new Trials(loaded, told, options.signal),
    before: null,
    best: null,
    certificate: NOT_SEARCHED,
    swap: null,
    trouble: '',
  };
  try {
    await work(progress, found, options);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.trouble = 'it was interrupted';
  }
  return result(progress, found);
}

async function work(progress: Progress, found: Found, options: ShrinkOptions): Promise<void> {
  const { trials } = progress;
  const replays = options.replays ?? REPLAYS_MAX;
  const first = await trials.run(stepsOf(found.words));
  if (first.outcome.verdict !== found.verdict) {
    progress.trouble = `run again, it ended with ${first.outcome.verdict}, not ${found.verdict}`;
    return;
  }
  progress.before = trials.final(first.steps).size;
  progress.best = first;
  await trials.like(first);
  trials.limit = Math.ceil(replays * (1 - RESERVED));
  progress.best = await reduce(trials, first);
  trials.limit = replays - DESCRIBED;
  await certified(progress, options.certify ?? CERTIFY_MAX);
  progress.best = await holdBack(trials, progress.best, trials.final(progress.best.steps).lwps);
  progress.best = await moveLater(trials, progress.best);
  await simplerSpec(trials, progress.best);
  const swap = await nearestPassing(trials, progress.best);
  trials.limit = replays;
  if (swap !== null) progress.swap = await describeSwap(trials, swap);
}

/** The usual seed, and of the detectors the one that tells, where that is enough. */
async function simplerSpec(trials: Trials, failing: Trial): Promise<void> {
  await trials.respec({ seed: DEFAULT_SPEC.seed }, failing);
  const { verdict } = failing.outcome;
  const names = failing.reports.filter((one) => one.verdict === verdict).map((one) => one.detector);
  const detectors = trials.spec.detectors.filter((name) => names.includes(name));
  await trials.respec({ detectors, ending: DEFAULT_SPEC.ending }, failing);
}

/** Looks for smaller schedules than the best one, and takes what it finds. */
async function certified(progress: Progress, limit: number): Promise<void> {
  const { trials, best } = progress;
  if (limit <= 0 || best === null) return;
  const { certificate, smaller } = await certify(trials, best, limit);
  progress.certificate = certificate;
  if (smaller !== null) progress.best = await reduce(trials, smaller);
}

function result(progress: Progress, found: Found): Shrunk {
  const { trials, best, certificate, swap } = progress;
  const steps = best === null ? stepsOf(found.words) : best.steps;
  const final = trials.final(steps);
  const words = wordsOf(steps);
  const { verdict, message, lwp, icount } = final.outcome;
  const { spec } = trials;
  // Only a failure that is a spent budget needs to know how much that was, and only one that a
  // detector tells needs detectors.
  const told = final.reports.some((report) => report.verdict === verdict);
  const budget = verdict === 'timeout' ? spec.budget : DEFAULT_SPEC.budget;
  const complete = { ...spec, budget, detectors: told ? spec.detectors : [] };
  return {
    spec,
    found: {
      ...found,
      seed: spec.seed,
      verdict,
      message,
      lwp,
      icount,
      words,
      reports: final.reports,
    },
    schedule: completeText(complete, words),
    before: progress.before ?? final.size,
    after: final.size,
    replays: trials.count,
    lwps: final.lwps,
    swap,
    certificate,
    trouble: progress.trouble === '' ? differenceOf(best, final) : progress.trouble,
  };
}

/** A trial may take less than the whole budget, and fail by that alone. '' where it makes none. */
function differenceOf(best: Trial | null, final: Trial): string {
  if (best === null || best.key === final.key) return '';
  return `with its whole budget, it ended with ${final.outcome.verdict}`;
}

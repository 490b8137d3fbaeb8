/**
 * A hunt: schedules of one program on all host cores until one fails or the budget ends.
 *
 * The first schedules run in this thread; when they find nothing, threads are started (pool.ts).
 */

import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import { type Found, runRange } from './schedules.ts';

export interface HuntOptions {
  readonly schedules: number;
  readonly workers: number;
  /** Told now and then how many schedules are done. */
  readonly progress?: (schedules: number) => void;
  /** Ends the hunt early; what was done so far is the result. */
  readonly signal?: AbortSignal;
}

export interface HuntResult {
  /** Schedules run up to and with the failing one. */
  readonly schedules: number;
  readonly found: Found | null;
  readonly statements: number;
  readonly interrupted: boolean;
}

/** Schedules below which starting threads costs more than it gains. */
const THREADS_FROM = 500;
/** Schedules in a batch of this thread at most. */
const BATCH_MAX = 64;
/** A batch in this thread grows until it takes about this long. */
const LOOK_UP_MS = 20;

/** Hunts with a calibrated spec (execute.ts). Throws InputError when a worker cannot load the program. */
export async function hunt(
  loaded: LoadedProgram,
  spec: RunSpec,
  options: HuntOptions,
): Promise<HuntResult> {
  const first = await huntHere(loaded, spec, 0, Math.min(THREADS_FROM, options.schedules), options);
  if (first.found !== null || first.interrupted || first.schedules >= options.schedules) {
    return first;
  }
  const workerFile = workerPath();
  if (options.workers <= 1 || workerFile === undefined) {
    return sum(first, await huntHere(loaded, spec, first.schedules, options.schedules, options));
  }
  // Loading what makes threads takes longer than a small program runs.
  const { Pool } = await import('./pool.ts');
  const pool = new Pool(loaded, spec, options, first.schedules, workerFile);
  return sum(first, await pool.run());
}

function sum(a: HuntResult, b: HuntResult): HuntResult {
  return {
    schedules: a.schedules + b.schedules,
    found: b.found,
    statements: a.statements + b.statements,
    interrupted: b.interrupted,
  };
}

/** Runs schedules in this thread, which looks up now and then to see whether it is interrupted. */
async function huntHere(
  loaded: LoadedProgram,
  spec: RunSpec,
  from: number,
  to: number,
  options: HuntOptions,
): Promise<HuntResult> {
  let statements = 0;
  let batch = 1;
  for (let at = from; at < to; ) {
    if (options.signal?.aborted) {
      return { schedules: at - from, found: null, statements, interrupted: true };
    }
    const end = Math.min(at + batch, to);
    const startedAt = performance.now();
    const result = runRange(loaded, spec, at, end);
    statements += result.statements;
    if (result.found !== null) {
      const schedules = result.found.index - from + 1;
      return { schedules, found: result.found, statements, interrupted: false };
    }
    options.progress?.(end);
    if (performance.now() - startedAt < LOOK_UP_MS) batch = Math.min(batch * 2, BATCH_MAX);
    at = end;
    await setImmediate();
  }
  return { schedules: to - from, found: null, statements, interrupted: false };
}

/** The worker's file beside the built code; undefined when run from sources (tests). */
function workerPath(): string | undefined {
  const file = fileURLToPath(new URL('./worker.js', import.meta.url));
  return existsSync(file) ? file : undefined;
}

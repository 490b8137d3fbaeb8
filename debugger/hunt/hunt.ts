/**
 * A hunt: schedules of one program on all host cores until one fails or the budget ends.
 *
 * Batches are handed out in order. When one finds a failure, batches with larger numbers are
 * given up and those with smaller ones finished, so that the schedule reported is the first
 * failing one whatever the number of workers.
 */

import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import type { Batch, BatchAnswer, WorkerSetup } from './protocol.ts';
import { type Found, type RangeResult, runRange } from './schedules.ts';

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
/** Schedules in the first batch of a worker; later ones grow to take about BATCH_MS. */
const FIRST_BATCH = 64;
const BATCH_MAX = 8192;
const BATCH_MS = 200;
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
    if (performance.now() - startedAt < LOOK_UP_MS) batch = Math.min(batch * 2, FIRST_BATCH);
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

class Pool {
  readonly #options: HuntOptions;
  readonly #setup: WorkerSetup;
  readonly #file: string;
  readonly #from: number;
  #next: number;
  #batch = FIRST_BATCH;
  #done = 0;
  #statements = 0;
  #found: Found | null = null;

  constructor(
    loaded: LoadedProgram,
    spec: RunSpec,
    options: HuntOptions,
    from: number,
    file: string,
  ) {
    this.#options = options;
    this.#file = file;
    this.#from = from;
    this.#next = from;
    const stop = new SharedArrayBuffer(4);
    new Int32Array(stop)[0] = options.schedules;
    this.#setup = { file: loaded.file, spec, stop };
    options.signal?.addEventListener('abort', () => this.#stopFrom(0));
  }

  #stopFrom(index: number): void {
    const word = new Int32Array(this.#setup.stop);
    if (index < Atomics.load(word, 0)) Atomics.store(word, 0, index);
  }

  #take(): Batch | null {
    const limit = Atomics.load(new Int32Array(this.#setup.stop), 0);
    if (this.#next >= limit) return null;
    const from = this.#next;
    const to = Math.min(from + this.#batch, this.#options.schedules);
    this.#next = to;
    return { from, to };
  }

  #answered(result: RangeResult, elapsedMs: number): void {
    this.#done += result.schedules;
    this.#statements += result.statements;
    const { found } = result;
    if (found !== null && (this.#found === null || found.index < this.#found.index)) {
      this.#found = found;
      this.#stopFrom(found.index);
    }
    if (elapsedMs < BATCH_MS && this.#batch < BATCH_MAX) this.#batch *= 2;
    this.#options.progress?.(this.#from + this.#done);
  }

  async run(): Promise<HuntResult> {
    const count = Math.max(1, this.#options.workers);
    await Promise.all(Array.from({ length: count }, () => this.#work()));
    const found = this.#found;
    return {
      schedules: found === null ? this.#done : found.index - this.#from + 1,
      found,
      statements: this.#statements,
      interrupted: this.#options.signal?.aborted === true,
    };
  }

  #work(): Promise<void> {
    const worker = new Worker(this.#file, { workerData: this.#setup });
    return new Promise<void>((resolve, reject) => {
      let startedAt = 0;
      const next = () => {
        const batch = this.#take();
        if (batch === null) {
          void worker.terminate();
          resolve();
          return;
        }
        startedAt = performance.now();
        worker.postMessage(batch);
      };
      worker.on('message', (message: BatchAnswer | 'ready') => {
        if (message !== 'ready') {
          if (message.kind === 'failed') {
            void worker.terminate();
            this.#stopFrom(0);
            reject(new InputError(message.message));
            return;
          }
          this.#answered(message.result, performance.now() - startedAt);
        }
        next();
      });
      worker.on('error', (error) => {
        this.#stopFrom(0);
        reject(error);
      });
    });
  }
}

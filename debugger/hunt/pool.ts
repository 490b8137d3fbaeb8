/**
 * The threads of a hunt: batches of schedules, handed out to workers.
 *
 * Batches are handed out in order. When one finds a failure, batches with larger numbers are
 * given up and those with smaller ones finished, so that the schedule reported is the first
 * failing one whatever the number of workers.
 */

import { Worker } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import type { HuntOptions, HuntResult } from './hunt.ts';
import type { Batch, BatchAnswer, WorkerSetup } from './protocol.ts';
import type { Found, RangeResult } from './schedules.ts';

/** Schedules in the first batch of a worker; later ones grow to take about BATCH_MS. */
const FIRST_BATCH = 64;
const BATCH_MAX = 8192;
const BATCH_MS = 200;

/** Runs the schedules from number `from` on, in options.workers threads. */
export class Pool {
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

/**
 * The threads of a hunt: batches of schedules, handed out to workers.
 *
 * Batches have fixed borders and are handed out in order. When one finds what the hunt is for,
 * batches with larger numbers are given up and those with smaller ones finished, so that what is
 * reported is the first failing schedule whatever the number of workers.
 */

import { Worker } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import { environmentFor } from '../run/environment.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import type { Bugs } from './bugs.ts';
import type { HuntOptions } from './hunt.ts';
import type { Batch, BatchAnswer, WorkerSetup } from './protocol.ts';
import type { SeenClasses } from './report/classes.ts';
import type { RangeResult } from './schedules.ts';
import { isOwnBatch, WHOLE } from './shard.ts';

/** Schedules in a batch: a lane of its own (lane.ts). */
export const BATCH = 256;

/** What the threads did. */
export interface Pooled {
  readonly schedules: number;
  readonly statements: number;
  readonly injected: number;
  readonly workers: number;
}

/** What the hunt's first schedules leave to the threads, which add to it. */
export interface Begun {
  readonly from: number;
  readonly learned: unknown;
  readonly bugs: Bugs;
  readonly classes: SeenClasses;
  /** Possible deadlocks, by signature. */
  readonly hints: Map<string, string>;
}

/** Runs the schedules from number `from` on, in options.workers threads; adds to `bugs`. */
export class Pool {
  readonly #options: HuntOptions;
  readonly #setup: WorkerSetup;
  readonly #file: string;
  readonly #bugs: Bugs;
  readonly #classes: SeenClasses;
  readonly #hints: Map<string, string>;
  readonly #from: number;
  #next: number;
  #done = 0;
  #statements = 0;
  #injected = 0;

  constructor(
    loaded: LoadedProgram,
    spec: RunSpec,
    options: HuntOptions,
    begun: Begun,
    file: string,
  ) {
    this.#options = options;
    this.#file = file;
    this.#bugs = begun.bugs;
    this.#classes = begun.classes;
    this.#hints = begun.hints;
    this.#from = begun.from;
    this.#next = begun.from;
    const stop = new SharedArrayBuffer(4);
    const seek = options.seek ?? 'first';
    this.#setup = { file: loaded.file, spec, seek, learned: begun.learned, stop };
    new Int32Array(stop)[0] = Math.min(options.schedules, begun.bugs.end, 0x7fffffff);
    options.signal?.addEventListener('abort', () => this.#stopFrom(0));
  }

  #stopFrom(index: number): void {
    const word = new Int32Array(this.#setup.stop);
    if (index < Atomics.load(word, 0)) Atomics.store(word, 0, index);
  }

  #take(): Batch | null {
    const limit = Atomics.load(new Int32Array(this.#setup.stop), 0);
    const { schedules, shard = WHOLE } = this.#options;
    while (this.#next < limit) {
      const from = this.#next;
      this.#next += BATCH;
      const number = (from - this.#from) / BATCH;
      if (isOwnBatch(shard, number)) return { from, to: Math.min(from + BATCH, schedules) };
    }
    return null;
  }

  #answered(result: RangeResult): void {
    this.#done += result.schedules;
    this.#statements += result.statements;
    this.#injected += result.injected;
    for (const one of result.classes) this.#classes.add(one);
    for (const [signature, message] of result.hints) this.#hints.set(signature, message);
    if (result.bugs.length > 0) {
      this.#bugs.merge(result.bugs);
      this.#stopFrom(this.#bugs.end);
    }
    this.#options.progress?.(this.#from + this.#done);
  }

  async run(): Promise<Pooled> {
    const count = Math.max(1, this.#options.workers);
    await Promise.all(Array.from({ length: count }, () => this.#work()));
    const [schedules, statements, injected] = [this.#done, this.#statements, this.#injected];
    return { schedules, statements, injected, workers: count };
  }

  #work(): Promise<void> {
    const worker = new Worker(this.#file, {
      workerData: this.#setup,
      env: environmentFor(this.#setup.spec),
    });
    return new Promise<void>((resolve, reject) => {
      const next = () => {
        const batch = this.#take();
        if (batch !== null) {
          worker.postMessage(batch);
          return;
        }
        void worker.terminate();
        resolve();
      };
      worker.on('message', (message: BatchAnswer | 'ready') => {
        if (message !== 'ready') {
          if (message.kind === 'failed') {
            void worker.terminate();
            this.#stopFrom(0);
            reject(new InputError(message.message));
            return;
          }
          this.#answered(message.result);
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

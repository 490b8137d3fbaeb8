/**
 * A hunt: schedules of one program on all host cores until one shows what it is for, or the budget
 * ends.
 *
 * The first schedules run in this thread; when they find nothing, threads are started (pool.ts),
 * whose strategies begin with what the first schedules taught.
 */

import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import { Bugs } from './bugs.ts';
import type { Bug } from './found.ts';
import { Lane } from './lane.ts';
import type { Begun, Pooled } from './pool.ts';
import { SeenClasses } from './report/classes.ts';
import { runRange } from './schedules.ts';
import type { Shard } from './shard.ts';

export interface HuntOptions {
  readonly schedules: number;
  readonly workers: number;
  /** `all` goes on past what it finds. */
  readonly seek?: 'first' | 'all';
  /** The part of the batches that is to be run here; the first schedules are every part's. */
  readonly shard?: Shard;
  /** Runs what comes after the first schedules, in place of threads: a fleet. */
  readonly elsewhere?: (begun: Begun) => Promise<Pooled>;
  /** Told now and then how many schedules are done. */
  readonly progress?: (schedules: number) => void;
  /** Ends the hunt early; what was done so far is the result. */
  readonly signal?: AbortSignal;
}

export interface HuntResult {
  /** Schedules that were run. */
  readonly schedules: number;
  /** Distinct bugs, what the hunt is for first. */
  readonly bugs: readonly Bug[];
  readonly statements: number;
  readonly interrupted: boolean;
  /** Possible deadlocks, which no schedule has realised or somebody has to: a sentence each. */
  readonly hints: readonly string[];
  /** Faults that were injected. */
  readonly injected: number;
  /** Happens-before classes of the schedules: different ones, and those that one alone showed. */
  readonly classes: { readonly seen: number; readonly once: number };
  readonly workers: number;
  readonly elapsedMs: number;
  /** What an exhaustive strategy can say of its search; '' for others. */
  readonly certificate: string;
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
  const here = new Here(loaded, spec, options);
  const { shard, elsewhere } = options;
  if ((shard ?? elsewhere) !== undefined && !here.mayBeShared) {
    throw new InputError('a search that goes step by step cannot be split by --shard or --fleet');
  }
  const workerFile = workerPath();
  const threads = (options.workers > 1 || shard !== undefined) && workerFile !== undefined;
  const others = elsewhere !== undefined || (threads && here.mayBeShared);
  await here.run(others ? Math.min(THREADS_FROM, options.schedules) : options.schedules);
  if (!others || here.isOver) return here.result();
  if (elsewhere !== undefined) return here.result(await elsewhere(here.begun()));
  if (workerFile === undefined) return here.result();
  // Loading what makes threads takes longer than a small program runs.
  const { Pool } = await import('./pool.ts');
  const pool = new Pool(loaded, spec, options, here.begun(), workerFile);
  return here.result(await pool.run());
}

/** The schedules of this thread, which looks up now and then to see whether it is interrupted. */
class Here {
  readonly #loaded: LoadedProgram;
  readonly #spec: RunSpec;
  readonly #options: HuntOptions;
  readonly #lane: Lane;
  readonly #bugs: Bugs;
  readonly #classes = new SeenClasses();
  readonly #hints = new Map<string, string>();
  readonly #startedAt = performance.now();
  #next = 0;
  #exhausted = false;

  constructor(loaded: LoadedProgram, spec: RunSpec, options: HuntOptions) {
    this.#loaded = loaded;
    this.#spec = spec;
    this.#options = options;
    this.#lane = new Lane(loaded, spec);
    this.#bugs = new Bugs(loaded.instance().options.expect, options.seek ?? 'first');
  }

  /** A search that goes step by step is one lane's. */
  get mayBeShared(): boolean {
    return this.#lane.strategy.more === undefined;
  }

  get isOver(): boolean {
    const { schedules, signal } = this.#options;
    const end = Math.min(schedules, this.#bugs.end);
    return this.#exhausted || this.#next >= end || signal?.aborted === true;
  }

  begun(): Begun {
    const learned = this.#lane.strategy.export?.();
    const found = { bugs: this.#bugs, classes: this.#classes, hints: this.#hints };
    return { from: this.#next, learned, ...found };
  }

  async run(until: number): Promise<void> {
    const { progress, seek } = this.#options;
    for (let batch = 1; this.#next < until && !this.isOver; ) {
      const from = this.#next;
      const to = Math.min(from + batch, until, this.#bugs.end);
      const startedAt = performance.now();
      const lane = this.#lane;
      const result = runRange(this.#loaded, this.#spec, from, to, { seek, lane });
      this.#next += result.schedules;
      this.#exhausted = result.exhausted;
      this.#bugs.merge(result.bugs);
      for (const one of result.classes) this.#classes.add(one);
      for (const [signature, message] of result.hints) this.#hints.set(signature, message);
      progress?.(this.#next);
      if (performance.now() - startedAt < LOOK_UP_MS) batch = Math.min(batch * 2, BATCH_MAX);
      await setImmediate();
    }
  }

  result(more: Pooled = NOTHING_MORE): HuntResult {
    const { strategy, injected } = this.#lane;
    return {
      schedules: this.#next + more.schedules,
      bugs: this.#bugs.list(),
      statements: this.#lane.statements + more.statements,
      hints: [...this.#hints.values()],
      injected: injected + more.injected,
      classes: { seen: this.#classes.seen, once: this.#classes.once },
      workers: more.workers,
      elapsedMs: Math.round(performance.now() - this.#startedAt),
      interrupted: this.#options.signal?.aborted === true,
      certificate: strategy.certificate?.() ?? '',
    };
  }
}

const NOTHING_MORE: Pooled = { schedules: 0, statements: 0, injected: 0, workers: 1 };

/** The worker's file beside the built code; undefined when run from sources (tests). */
function workerPath(): string | undefined {
  const file = fileURLToPath(new URL('./worker.js', import.meta.url));
  return existsSync(file) ? file : undefined;
}

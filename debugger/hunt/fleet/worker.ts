/**
 * A worker of a fleet: takes batches of any hunt in the same kernel off the queue, runs them in
 * threads, and leaves their results.
 *
 * A batch whose worker dies is given to another by BullMQ once its lock is older than LOCK_MS; so a
 * batch may be run twice, and its result is the same and written once.
 */

import type { Job, Worker } from 'bullmq';
import { setTimeout as wait } from 'node:timers/promises';
import type { CompiledProgram } from '../../../tracer/index.ts';
import { InputError } from '../../errors.ts';
import { packageVersion } from '../../run/load.ts';
import type { FleetAddress } from './address.ts';
import { type Connection, connect } from './connect.ts';
import { kernelId, unpackProgram } from './identity.ts';
import { doneKey, huntKey, KEEP_S, PREFIX, programKey, queueName } from './keys.ts';
import { huntsElsewhere } from './presence.ts';
import { type BatchJob, type HuntRecord, huntRecordFrom } from './record.ts';
import { Threads } from './threads.ts';

/** How long a batch is its worker's without a sign of life, and how often others look, in ms. */
const LOCK_MS = 6000;
const STALLED_MS = 2000;
/** How many workers a batch may take with it before it is given up. */
const DEATHS_MAX = 8;
/** Time between two looks at whether there is work at all, ms. */
const LOOK_MS = 1000;
/** Hunts and programs that a worker remembers. */
const KNOWN_MAX = 64;

export interface FleetWorkerOptions {
  readonly address: FleetAddress;
  readonly threads: number;
  /** Ends the worker: batches that are being run are finished first. */
  readonly signal: AbortSignal;
  /** Ends it in the middle of its batches, which others then run. */
  readonly hurry?: AbortSignal;
  /** Ends it when there was nothing to do for this long, ms. */
  readonly idleMs?: number;
  /** Hears what a person should know. */
  readonly say: (text: string) => void;
  /** Hears of each batch that is done. */
  readonly progress?: (done: FleetWork) => void;
}

/** What a worker has done. */
export interface FleetWork {
  readonly batches: number;
  readonly schedules: number;
}

/** Works until it is told to end. Throws InputError when the server cannot be used. */
export async function fleetWorker(options: FleetWorkerOptions): Promise<FleetWork> {
  const connection = await connect(options.address, options.say);
  const taker = new Taker(connection, options);
  try {
    await taker.work();
  } finally {
    connection.close();
  }
  return taker.done;
}

class Taker {
  readonly #connection: Connection;
  readonly #options: FleetWorkerOptions;
  readonly #threads = new Threads();
  readonly #records = new Map<string, HuntRecord>();
  readonly #programs = new Map<string, CompiledProgram>();
  readonly #kernel = kernelId();
  #batches = 0;
  #schedules = 0;
  #running = 0;
  #lastWorkAt = Date.now();

  constructor(connection: Connection, options: FleetWorkerOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  get done(): FleetWork {
    return { batches: this.#batches, schedules: this.#schedules };
  }

  async work(): Promise<void> {
    const { Worker } = await import('bullmq');
    const { threads, address, say } = this.#options;
    const worker = new Worker<BatchJob>(queueName(this.#kernel), (job) => this.#take(job), {
      connection: this.#connection.options,
      prefix: PREFIX,
      concurrency: threads,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: DEATHS_MAX,
      drainDelay: 1,
    });
    // What it says is said by the other connection too.
    worker.on('error', () => {});
    say(`waiting for batches at ${address.text} (rumpus ${packageVersion()})`);
    try {
      await this.#untilTold();
      await this.#close(worker);
    } finally {
      await this.#threads.end();
    }
  }

  /** Until a signal, or for as long as there is something to do. */
  async #untilTold(): Promise<void> {
    const { signal, hurry, idleMs, say } = this.#options;
    let saidElsewhere = false;
    while (!signal.aborted && hurry?.aborted !== true) {
      await sleep(LOOK_MS, signal);
      const idleFor = Date.now() - this.#lastWorkAt;
      if (idleMs !== undefined && this.#running === 0 && idleFor > idleMs) return;
      if (saidElsewhere || this.#batches > 0 || !this.#connection.isUp()) continue;
      const sentence = await huntsElsewhere(this.#connection.client, this.#kernel);
      if (sentence === undefined) continue;
      saidElsewhere = true;
      say(sentence);
    }
  }

  /** Lets go of the queue; without a server, or in a hurry, at once. */
  async #close(worker: Worker): Promise<void> {
    const { hurry } = this.#options;
    const inHurry = new Promise<void>((resolve) => {
      if (hurry?.aborted === true) resolve();
      hurry?.addEventListener('abort', () => resolve());
    });
    const finished = async () => {
      while (this.#running > 0) await sleep(20);
    };
    void worker.pause(true);
    await Promise.race([finished(), inHurry]);
    await Promise.race([worker.close(true).catch(() => {}), sleep(LOOK_MS)]);
  }

  async #take(job: Job<BatchJob>): Promise<void> {
    this.#running++;
    try {
      await this.#run(job.data);
    } finally {
      this.#running--;
      this.#lastWorkAt = Date.now();
    }
  }

  async #run(job: BatchJob): Promise<void> {
    const { client } = this.#connection;
    const field = String(job.number);
    if ((await client.hexists(doneKey(job.hunt), field)) === 1) return;
    const record = await this.#recordOf(job.hunt);
    const compiled = await this.#programOf(record.program);
    const answer = await this.#threads.run(record, compiled, job);
    await client.hsetnx(doneKey(job.hunt), field, answer.result);
    await client.expire(doneKey(job.hunt), KEEP_S);
    this.#batches++;
    this.#schedules += answer.schedules;
    this.#options.progress?.(this.done);
  }

  async #recordOf(id: string): Promise<HuntRecord> {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const record = huntRecordFrom(await this.#connection.client.get(huntKey(id)));
    if (record === undefined || record.id !== id) {
      throw new InputError(`the fleet has forgotten the hunt ${id}`);
    }
    if (this.#records.size >= KNOWN_MAX) this.#records.clear();
    this.#records.set(id, record);
    return record;
  }

  async #programOf(sha: string): Promise<CompiledProgram> {
    const known = this.#programs.get(sha);
    if (known !== undefined) return known;
    const bytes = await this.#connection.client.getBuffer(programKey(sha));
    if (bytes === null) throw new InputError(`the fleet has no program ${sha.slice(0, 12)}`);
    const compiled = unpackProgram(sha, bytes);
    if (this.#programs.size >= KNOWN_MAX) this.#programs.clear();
    this.#programs.set(sha, compiled);
    return compiled;
  }
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}

/**
 * A hunt over a fleet: puts batches on the queue, gathers their results, and says how it goes.
 *
 * The server is a place to meet, not the memory: this side knows which batches are done and what
 * they found, and puts everything there again when the server lost it. Several commands may do so
 * for the same hunt; batches and results have names, so that doing a thing twice changes nothing.
 * Results that a stopped hunt left are taken over by the next command with the same program, seed
 * and spec.
 */

import type { Job, Queue } from 'bullmq';
import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '../../errors.ts';
import { type LoadedProgram, packageVersion } from '../../run/load.ts';
import type { RunSpec } from '../../run/spec.ts';
import type { Bugs } from '../bugs.ts';
import type { SeenClasses } from '../report/classes.ts';
import { batchAt, batchCount, isOwnBatch, type Shard, WHOLE } from '../shard.ts';
import type { FleetAddress } from './address.ts';
import { decodeResult } from './codec.ts';
import { type Connection, connect } from './connect.ts';
import { huntId, kernelId, packProgram } from './identity.ts';
import {
  doneKey,
  huntKey,
  KEEP_FINISHED_S,
  KEEP_S,
  PREFIX,
  programKey,
  queueName,
} from './keys.ts';
import { hideHunt, showHunt } from './presence.ts';
import { type BatchJob, type HuntRecord, huntRecordFrom } from './record.ts';

/** Batches on the queue at a time. */
const WINDOW = 256;
/** Between two looks at the results, and between two signs of life, ms. */
const POLL_MS = 100;
const CARE_MS = 2000;
/** Without a worker for this long, it is said how to start one, ms. */
const LONELY_MS = 3000;
/** How often a batch is tried whose worker says that it cannot run it. */
const ATTEMPTS = 3;
/** How long a server may take at the end, ms. */
const LEAVE_MS = 2000;
/** What BullMQ says of a batch that ended all its workers. */
const DEADLY = /stalled more than/;

export interface FleetHuntOptions {
  readonly address: FleetAddress;
  /** Number of the first schedule that the fleet runs, and of the first that it does not. */
  readonly from: number;
  readonly schedules: number;
  /** Schedules in a batch. */
  readonly batch: number;
  /** What the schedules before taught the strategy; opaque. */
  readonly learned?: unknown;
  /** `all` goes on past what is found. */
  readonly seek: 'first' | 'all';
  readonly shard?: Shard;
  /** What was found before; what is found is added. Says where the hunt ends. */
  readonly bugs: Bugs;
  /** Classes of the schedules before; those of the fleet's are added. */
  readonly classes: SeenClasses;
  readonly signal?: AbortSignal;
  /** Hears what a person should know. */
  readonly say: (text: string) => void;
  readonly progress?: (progress: FleetProgress) => void;
}

export interface FleetProgress {
  readonly schedules: number;
  readonly bugs: number;
  readonly classes: number;
  readonly workers: number;
}

/** What the fleet did for a hunt; what it found is in `bugs`. */
export interface FleetResult {
  /** Names the hunt at the server. */
  readonly hunt: string;
  readonly schedules: number;
  readonly statements: number;
  /** Faults that were injected. */
  readonly injected: number;
  /** Workers at the last look. */
  readonly workers: number;
  /** Distinct numbers that say what the schedules covered. */
  readonly classes: number;
  /** Schedules that were done before this command began. */
  readonly resumed: number;
  /** Batches that no worker survived. */
  readonly lost: number;
  readonly interrupted: boolean;
}

/** Hunts. Throws InputError when the server cannot be used or no worker can run the program. */
export async function fleetHunt(
  loaded: LoadedProgram,
  spec: RunSpec,
  options: FleetHuntOptions,
): Promise<FleetResult> {
  const connection = await connect(options.address, options.say);
  try {
    const { Queue } = await import('bullmq');
    const queue = new Queue<BatchJob>(queueName(kernelId()), {
      connection: connection.client,
      prefix: PREFIX,
      skipMetasUpdate: true,
    });
    queue.on('error', () => {});
    return await new FleetHunt(loaded, spec, options, connection, queue).run();
  } finally {
    connection.close();
  }
}

/** What may be done while the server is there; ends early when the hunt is interrupted. */
class FleetHunt {
  readonly #options: FleetHuntOptions;
  readonly #connection: Connection;
  readonly #queue: Queue<BatchJob>;
  readonly #program: { sha: string; bytes: Buffer };
  /** Results as they came, to be put there again: by number of their batch. */
  readonly #results = new Map<number, string>();
  readonly #waiting = new Set<number>();
  readonly #lost = new Set<number>();
  #record: HuntRecord;
  #count: number;
  #next = 0;
  #schedules = 0;
  #statements = 0;
  #injected = 0;
  #resumed = 0;
  #workers = 0;
  #caredAt = Number.NEGATIVE_INFINITY;
  #lonelySince = performance.now();
  #saidLonely = false;

  constructor(
    loaded: LoadedProgram,
    spec: RunSpec,
    options: FleetHuntOptions,
    connection: Connection,
    queue: Queue<BatchJob>,
  ) {
    this.#options = options;
    this.#connection = connection;
    this.#queue = queue;
    this.#program = packProgram(loaded.compiled);
    const { from, batch, learned, seek } = options;
    const program = this.#program.sha;
    const image = loaded.image.identity;
    const id = huntId({ kernel: kernelId(), image, program, spec, from, seek, learned });
    this.#record = { id, program, name: loaded.name, image, spec, from, batch, seek, learned };
    this.#count = this.#batches();
  }

  #batches(): number {
    return batchCount(this.#options.schedules - this.#record.from, this.#record.batch);
  }

  async run(): Promise<FleetResult> {
    const { signal } = this.#options;
    const stopped = new Promise<'stopped'>((resolve) => {
      if (signal?.aborted === true) resolve('stopped');
      signal?.addEventListener('abort', () => resolve('stopped'));
    });
    const hunting = this.#hunt();
    hunting.catch(() => {});
    const ended = await Promise.race([hunting, stopped]);
    const interrupted = ended === 'stopped' && !this.#isComplete();
    await Promise.race([this.#leave().catch(() => {}), wait(LEAVE_MS)]);
    return {
      hunt: this.#record.id,
      schedules: this.#schedules,
      statements: this.#statements,
      injected: this.#injected,
      workers: this.#workers,
      classes: this.#options.classes.seen,
      resumed: this.#resumed,
      lost: this.#lost.size,
      interrupted,
    };
  }

  async #hunt(): Promise<void> {
    await this.#patiently(() => this.#publish());
    await this.#patiently(() => this.#resume());
    while (!this.#isComplete() && this.#options.signal?.aborted !== true) {
      await this.#patiently(async () => {
        await this.#fill();
        await this.#gather([...this.#waiting]);
        if (performance.now() - this.#caredAt > CARE_MS) await this.#care();
      });
      this.#tell();
      if (!this.#isComplete()) await wait(POLL_MS);
    }
  }

  /** What fails at the server is tried again: it may be loading, full, or a replica for a while. */
  async #patiently(step: () => Promise<void>): Promise<void> {
    let said = '';
    while (this.#options.signal?.aborted !== true) {
      try {
        await step();
        return;
      } catch (error) {
        if (error instanceof InputError) throw error;
        const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
        if (said !== reason) this.#options.say(`the server says: ${reason}; trying again`);
        said = reason;
        await wait(CARE_MS);
      }
    }
  }

  /** Puts program, hunt and results there; an older command's size of batches holds. */
  async #publish(): Promise<void> {
    const { client } = this.#connection;
    const { id, program } = this.#record;
    await client.set(programKey(program), this.#program.bytes, 'EX', KEEP_S);
    await client.set(huntKey(id), JSON.stringify(this.#record), 'EX', KEEP_S, 'NX');
    const there = huntRecordFrom(await client.get(huntKey(id)));
    if (there?.id === id && there.batch !== this.#record.batch && this.#results.size === 0) {
      this.#record = there;
      this.#count = this.#batches();
    }
    const results = [...this.#results].map(([number, text]) => [String(number), text] as const);
    if (results.length > 0) await client.hset(doneKey(id), new Map(results));
  }

  /** Takes over what was done before. */
  async #resume(): Promise<void> {
    const fields = await this.#connection.client.hkeys(doneKey(this.#record.id));
    const numbers = fields.map(Number).filter((one) => one >= 0 && one < this.#count);
    for (let at = 0; at < numbers.length; at += WINDOW) {
      await this.#gather(numbers.slice(at, at + WINDOW));
    }
    if (this.#resumed > 0 || this.#schedules === 0) return;
    this.#resumed = this.#schedules;
    this.#options.say(`going on with a hunt of which ${this.#resumed} schedules are done`);
  }

  /** Keeps the queue filled with the next batches. */
  async #fill(): Promise<void> {
    const added: number[] = [];
    const shard = this.#options.shard ?? WHOLE;
    while (this.#next < this.#count && this.#waiting.size + added.length < WINDOW) {
      const number = this.#next++;
      if (!isOwnBatch(shard, number) || this.#results.has(number)) continue;
      if (this.#from(number) >= this.#options.bugs.end) break;
      added.push(number);
    }
    if (added.length === 0) return;
    for (const number of added) this.#waiting.add(number);
    await this.#put(added);
  }

  #from(number: number): number {
    return this.#record.from + number * this.#record.batch;
  }

  async #put(numbers: readonly number[]): Promise<void> {
    const { id, from, batch } = this.#record;
    const jobs = numbers.map((number) => {
      const range = batchAt(number, this.#options.schedules - from, batch);
      return {
        name: 'batch',
        data: { hunt: id, number, from: from + range.from, to: from + range.to },
        opts: {
          jobId: `${id}-${number}`,
          removeOnComplete: true,
          attempts: ATTEMPTS,
          backoff: { type: 'fixed', delay: POLL_MS },
        },
      };
    });
    await this.#queue.addBulk(jobs);
  }

  /** Reads the results of batches that are done. */
  async #gather(numbers: readonly number[]): Promise<void> {
    if (numbers.length === 0) return;
    const { client } = this.#connection;
    const texts = await client.hmget(doneKey(this.#record.id), ...numbers.map(String));
    for (const [i, text] of texts.entries()) {
      if (text !== null) this.#add(numbers[i], text);
    }
    await this.#dropLate();
  }

  /** A result that is there already changes nothing. */
  #add(number: number, text: string): void {
    const result = decodeResult(text);
    if (result === undefined || this.#results.has(number)) return;
    this.#waiting.delete(number);
    this.#results.set(number, text);
    this.#schedules += result.schedules;
    this.#statements += result.statements;
    this.#injected += result.injected;
    this.#options.bugs.merge(result.bugs);
    for (const one of result.classes) this.#options.classes.add(one);
  }

  /** Once something ends the hunt, later batches are not wanted; earlier ones are finished. */
  async #dropLate(): Promise<void> {
    const { end } = this.#options.bugs;
    const late = [...this.#waiting].filter((number) => this.#from(number) >= end);
    for (const number of late) this.#waiting.delete(number);
    if (late.length > 0) await this.#take(late);
  }

  /** Takes batches off the queue; those that are being run stay. */
  async #take(numbers: readonly number[]): Promise<void> {
    const { id } = this.#record;
    const removed = numbers.map((number) => this.#queue.remove(`${id}-${number}`));
    await Promise.allSettled(removed);
  }

  #isComplete(): boolean {
    if (this.#waiting.size > 0) return false;
    return this.#next >= this.#count || this.#from(this.#next) >= this.#options.bugs.end;
  }

  /** Signs of life, and a look at what went wrong. */
  async #care(): Promise<void> {
    const { client } = this.#connection;
    const { id } = this.#record;
    await showHunt(client, kernelId(), id);
    if ((await client.exists(huntKey(id), programKey(this.#record.program))) < 2) {
      await this.#publish();
    }
    await client.expire(doneKey(id), KEEP_S);
    for (const job of await this.#queue.getFailed(0, WINDOW)) await this.#failed(job);
    // Those that are there stay as they are.
    await this.#put([...this.#waiting]);
    this.#workers = await this.#queue.getWorkersCount();
    if (this.#workers > 0 || !this.#connection.isUp()) this.#lonelySince = performance.now();
    this.#caredAt = performance.now();
  }

  async #failed(job: Job<BatchJob>): Promise<void> {
    const { hunt, number, from, to } = job.data;
    if (hunt !== this.#record.id || !this.#waiting.has(number)) return;
    await job.remove();
    const why = job.failedReason;
    if (!DEADLY.test(why)) throw new InputError(`no worker can run this hunt: ${why}`);
    this.#waiting.delete(number);
    this.#lost.add(number);
    this.#options.say(`schedules ${from} to ${to} ended every worker that ran them: left out`);
  }

  #tell(): void {
    const { progress, say, address, bugs } = this.#options;
    progress?.({
      schedules: this.#schedules,
      bugs: bugs.size,
      classes: this.#options.classes.seen,
      workers: this.#workers,
    });
    if (this.#saidLonely || performance.now() - this.#lonelySince < LONELY_MS) return;
    this.#saidLonely = true;
    say(
      `no worker takes batches yet: start rumpus hunt-worker --fleet ${address.text} --trust ` +
        `on any machine that has rumpus ${packageVersion()}`,
    );
  }

  /** Takes waiting batches off the queue, and lets the server forget what is finished. */
  async #leave(): Promise<void> {
    const { client } = this.#connection;
    const { id } = this.#record;
    if (!this.#connection.isUp()) return;
    await hideHunt(client, kernelId(), id);
    await this.#take([...this.#waiting]);
    if (!this.#isComplete()) return;
    await client.expire(huntKey(id), KEEP_FINISHED_S);
    await client.expire(doneKey(id), KEEP_FINISHED_S);
  }
}

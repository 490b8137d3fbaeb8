/**
 * The threads of a hunt worker. The process itself stays free to tell the server that its batches
 * are being worked on.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CompiledProgram } from '../../../tracer/index.ts';
import { InputError } from '../../errors.ts';
import { environmentFor } from '../../run/environment.ts';
import type { Accesses, RunSpec } from '../../run/spec.ts';
import type { BatchJob, HuntRecord } from './record.ts';
import type { ThreadAnswer, ThreadOrder } from './thread.ts';

interface Thread {
  readonly worker: Worker;
  /** Which of the two kernels it has. */
  readonly accesses: Accesses;
  /** Hashes of the programs that it was given. */
  readonly programs: Set<string>;
}

/** The thread's file as it was built; there is none when run from sources. */
function threadFile(): string {
  const file = fileURLToPath(new URL('./fleet-thread.js', import.meta.url));
  if (existsSync(file)) return file;
  throw new InputError('a hunt worker runs only as it was built: npm run build');
}

export class Threads {
  readonly #file = threadFile();
  readonly #idle: Thread[] = [];
  readonly #all = new Set<Thread>();

  /** Runs a batch in a thread that is idle, or in a new one. Throws what went wrong in it. */
  async run(
    record: HuntRecord,
    compiled: CompiledProgram,
    job: BatchJob,
  ): Promise<Extract<ThreadAnswer, { kind: 'done' }>> {
    const thread = this.#idleWith(record.spec.accesses) ?? this.#start(record.spec);
    if (!thread.programs.has(record.program)) {
      const order: ThreadOrder = { kind: 'program', sha: record.program, compiled };
      thread.worker.postMessage(order);
      thread.programs.add(record.program);
    }
    const answer = await this.#ask(thread, { kind: 'batch', record, job });
    this.#idle.push(thread);
    if (answer.kind === 'failed') throw new InputError(answer.message);
    return answer;
  }

  #idleWith(accesses: Accesses): Thread | undefined {
    const at = this.#idle.findLastIndex((thread) => thread.accesses === accesses);
    return at < 0 ? undefined : this.#idle.splice(at, 1)[0];
  }

  #start(spec: RunSpec): Thread {
    const worker = new Worker(this.#file, { env: environmentFor(spec) });
    const thread = { worker, accesses: spec.accesses, programs: new Set<string>() };
    this.#all.add(thread);
    return thread;
  }

  /** A thread that dies takes one batch with it, which is tried again. */
  #ask(thread: Thread, order: ThreadOrder): Promise<ThreadAnswer> {
    const { worker } = thread;
    return new Promise((resolve, reject) => {
      const lost = (error: unknown) => {
        this.#all.delete(thread);
        void worker.terminate();
        const why = error instanceof Error ? error.message : `status ${String(error)}`;
        reject(new InputError(`a thread ended in a batch: ${why}`));
      };
      worker.removeAllListeners();
      worker.once('message', resolve).once('error', lost).once('exit', lost);
      worker.postMessage(order);
    });
  }

  /** Ends all of them, in the middle of what they do. */
  async end(): Promise<void> {
    const threads = [...this.#all];
    this.#all.clear();
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

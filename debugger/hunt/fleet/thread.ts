/**
 * A thread of a hunt worker: instantiates the programs that it is given, and runs batches of them.
 */

import { parentPort } from 'node:worker_threads';
import type { CompiledProgram } from '../../../tracer/index.ts';
import { InputError } from '../../errors.ts';
import { type LoadedProgram, loadedFrom } from '../../run/load.ts';
import { runRange } from '../schedules.ts';
import type { BatchJob, HuntRecord } from './record.ts';
import { encodeResult } from './codec.ts';

/** What a thread is told. A program comes before the first batch of it. */
export type ThreadOrder =
  | { readonly kind: 'program'; readonly sha: string; readonly compiled: CompiledProgram }
  | { readonly kind: 'batch'; readonly record: HuntRecord; readonly job: BatchJob };

/** Its answer to a batch: the encoded result, or a sentence. */
export type ThreadAnswer =
  | { readonly kind: 'done'; readonly result: string; readonly schedules: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Programs that a thread keeps. */
const PROGRAMS_MAX = 16;

const compiledPrograms = new Map<string, CompiledProgram>();
const loadedPrograms = new Map<string, LoadedProgram>();

function loadedOf({ program, name, image }: HuntRecord): LoadedProgram {
  const known = loadedPrograms.get(program);
  if (known !== undefined) return known;
  const compiled = compiledPrograms.get(program);
  if (compiled === undefined) throw new InputError(`the program ${name} did not arrive`);
  const loaded = loadedFrom(compiled, name.split('/').at(-1) ?? name);
  if (loaded.image.identity !== image) {
    throw new InputError(
      `${name} makes the image ${loaded.image.identity} here and ${image} where it is hunted: ` +
        'both sides need the same rumpus',
    );
  }
  loadedPrograms.set(program, loaded);
  return loaded;
}

function keep(sha: string, compiled: CompiledProgram): void {
  if (compiledPrograms.size >= PROGRAMS_MAX) {
    compiledPrograms.clear();
    loadedPrograms.clear();
  }
  compiledPrograms.set(sha, compiled);
}

function answerTo(order: Extract<ThreadOrder, { kind: 'batch' }>): ThreadAnswer {
  try {
    const { record, job } = order;
    const { spec, seek, learned } = record;
    const result = runRange(loadedOf(record), spec, job.from, job.to, { seek, learned });
    const text = encodeResult(result);
    return { kind: 'done', result: text, schedules: result.schedules };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (order: ThreadOrder) => {
  if (order.kind === 'program') keep(order.sha, order.compiled);
  else parentPort?.postMessage(answerTo(order));
});

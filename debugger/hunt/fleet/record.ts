/** What the server holds of a hunt, and of one batch of it. */

import type { RunSpec } from '../../run/spec.ts';

/** A hunt, as workers need to know it. */
export interface HuntRecord {
  readonly id: string;
  /** Hash that names the compiled program. */
  readonly program: string;
  /** As people see it. */
  readonly name: string;
  /** Image identity of kernel and program: a worker's must be the same. */
  readonly image: string;
  readonly spec: RunSpec;
  readonly from: number;
  /** Schedules in a batch. */
  readonly batch: number;
  readonly seek: 'first' | 'all';
  /** What strategies learned before; opaque. */
  readonly learned: unknown;
}

/** What a job of the queue is. */
export interface BatchJob {
  readonly hunt: string;
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

/** Reads a record that the server gave; undefined for what is none. */
export function huntRecordFrom(text: string | null): HuntRecord | undefined {
  if (text === null) return undefined;
  try {
    const record = JSON.parse(text) as HuntRecord;
    const { id, program, name, image, spec, from, batch, seek } = record;
    const texts = [id, program, name, image].every((one) => typeof one === 'string');
    const numbers = [from, batch].every((one) => Number.isSafeInteger(one) && one >= 0);
    if (seek !== 'first' && seek !== 'all') return undefined;
    if (!texts || !numbers || batch < 1 || typeof spec !== 'object') return undefined;
    return record;
  } catch {
    return undefined;
  }
}

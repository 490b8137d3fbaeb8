/** What a hunt and its workers say to each other. */

import type { RunSpec } from '../run/spec.ts';
import type { RangeResult } from './schedules.ts';

/** First message to a worker: what to load. */
export interface WorkerSetup {
  readonly file: string;
  readonly spec: RunSpec;
  readonly seek: 'first' | 'all';
  /** What the hunt's first schedules taught its strategy; every batch begins with it. */
  readonly learned: unknown;
  /** One 32-bit word: no schedule from this number on is wanted any more. */
  readonly stop: SharedArrayBuffer;
}

/** A range to run. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** A worker's answer to a batch, or why it could not. */
export type BatchAnswer =
  | { readonly kind: 'done'; readonly batch: Batch; readonly result: RangeResult }
  | { readonly kind: 'failed'; readonly message: string };

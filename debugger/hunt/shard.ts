/**
 * Shards: a hunt split over machines with no server between them.
 *
 *   rumpus hunt race.ts --schedules 1000000 --shard 2/4
 *
 * A hunt is cut into batches of a fixed size, whose boundaries depend on nothing but the number of
 * schedules. Shard i of n runs the batches whose number mod n is i - 1; the n shards together run
 * each schedule once, and what they find is merged by signature (bugs.ts).
 */

import { InputError } from '../errors.ts';

export const SHARDS_MAX = 10_000;

export interface Shard {
  /** From 0, where people count from 1. */
  readonly index: number;
  readonly count: number;
}

/** Schedules [from, to), with the batch's number from 0. */
export interface NumberedBatch {
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

/** The whole hunt. */
export const WHOLE: Shard = { index: 0, count: 1 };

/** Reads `2/4`. Throws InputError with one sentence. */
export function shardOf(text: string): Shard {
  const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? [];
  if (i === undefined || n === undefined) {
    throw new InputError(`--shard must be i/n, such as 2/4, not '${text}'`);
  }
  const [number, count] = [Number(i), Number(n)];
  if (count < 1 || count > SHARDS_MAX) {
    throw new InputError(`--shard ${text}: the number of shards must be from 1 to ${SHARDS_MAX}`);
  }
  if (number < 1 || number > count) {
    throw new InputError(`--shard ${text}: the first number must be from 1 to ${count}`);
  }
  return { index: number - 1, count };
}

/** `2/4` again. */
export function shardText({ index, count }: Shard): string {
  return `${index + 1}/${count}`;
}

/** Whether a batch is a shard's to run. */
export function isOwnBatch(shard: Shard, batchNumber: number): boolean {
  return batchNumber % shard.count === shard.index;
}

/** How many batches of `size` a hunt has. */
export function batchCount(schedules: number, size: number): number {
  return Math.ceil(schedules / size);
}

/** Batch `number` of a hunt; the last one may be shorter. */
export function batchAt(number: number, schedules: number, size: number): NumberedBatch {
  return { number, from: number * size, to: Math.min((number + 1) * size, schedules) };
}

/** The batches of a shard, in order. */
export function* batchesOf(
  schedules: number,
  size: number,
  shard: Shard = WHOLE,
): IterableIterator<NumberedBatch> {
  const count = batchCount(schedules, size);
  for (let number = shard.index; number < count; number += shard.count) {
    yield batchAt(number, schedules, size);
  }
}

/** Schedules that a shard runs. */
export function schedulesOfShard(schedules: number, size: number, shard: Shard): number {
  const count = batchCount(schedules, size);
  const own = Math.max(0, Math.ceil((count - shard.index) / shard.count));
  const last = count - 1;
  const lastIsOwn = last >= 0 && isOwnBatch(shard, last);
  const missing = lastIsOwn ? count * size - schedules : 0;
  return own * size - missing;
}

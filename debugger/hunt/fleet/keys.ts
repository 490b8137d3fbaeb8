/**
 * What a fleet keeps in Redis. All of it may be lost at any moment: a hunt puts it there again.
 *
 *   rumpus:program:<sha-256>   a compiled program, JSON in gzip, named by the hash of these bytes
 *   rumpus:hunt:<id>           what a hunt is (HuntRecord), JSON
 *   rumpus:hunt:<id>:done      batch number -> its BatchResult, JSON; written once
 *   rumpus:hunts               who hunts, by the kernel it hunts in, and until when that holds
 *   rumpus:batches-<kernel>:…  BullMQ's: the queue of batches for workers with the same kernel
 */

/** Of all keys, BullMQ's as well. */
export const PREFIX = 'rumpus';

/** A hunt that nobody goes on with is forgotten after this time, s. */
export const KEEP_S = 7 * 24 * 3600;
/** One that is finished, after this: another command on the same hunt must see its end. */
export const KEEP_FINISHED_S = 10;

export const HUNTS_KEY = `${PREFIX}:hunts`;

export function programKey(sha: string): string {
  return `${PREFIX}:program:${sha}`;
}

export function huntKey(id: string): string {
  return `${PREFIX}:hunt:${id}`;
}

export function doneKey(id: string): string {
  return `${huntKey(id)}:done`;
}

/** Queue of the batches for workers with this kernel. */
export function queueName(kernel: string): string {
  return `batches-${kernel}`;
}

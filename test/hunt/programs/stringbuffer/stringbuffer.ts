/** A string buffer of which each method is synchronised, as java.lang.StringBuffer of JDK 1.4. */

import { type KMutex, MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc } from 'rumpus';

export class StringBuffer {
  readonly lock: KMutex;
  /** Guarded by `lock`, like all. */
  readonly chars: string[];
  count: number;

  constructor(name: string, text: string) {
    this.lock = mutex_obj_alloc(MUTEX_DEFAULT, name);
    this.chars = [...text];
    this.count = text.length;
  }
}

export function* length(sb: StringBuffer): Generator<void, number, void> {
  yield* mutex_enter(sb.lock);
  const { count } = sb;
  mutex_exit(sb.lock);
  return count;
}

/** Characters [0, end) go to the end of `to`. The caller holds the lock of `from`. */
export function copyChars(from: StringBuffer, end: number, to: StringBuffer): void {
  if (end > from.count) {
    throw new Error(`stringbuffer: ${end} characters of ${from.count} are asked for`);
  }
  for (let i = 0; i < end; i++) to.chars[to.count + i] = from.chars[i];
  to.count += end;
}

/** erase(): shortens to nothing. */
export function* erase(sb: StringBuffer): Generator<void, void, void> {
  yield* mutex_enter(sb.lock);
  sb.count = 0;
  sb.chars.length = 0;
  mutex_exit(sb.lock);
}

/**
 * Watches: places that are watched, in whatever run there is.
 *
 * An object is named by the number of the first access, in counted code, that is about it: `first`.
 * When that access comes in another run, what it is about is the object. A run that names objects
 * (`naming`) notes the number of every object that it sees.
 */

import { NEVER_SEEN, type Taps, UNCOUNTED } from '../../../tracer/index.ts';
import type { DataId } from './dataid.ts';
import { keyIn, type Stored, valueIn } from './places.ts';

export class Watch {
  readonly id: string;
  readonly data: DataId;
  /** Number of the first access to the object; 0 while it is not known. */
  first = 0;
  /** The same for a key that is an object. */
  firstOfKey = 0;
  /** It was looked for in a run that named objects. */
  looked = false;
  /** Why it was not found; '' if it was. */
  failure = '';
  /** The object in this run; null until it is there. */
  object: object | null = null;
  key: unknown = undefined;
  hasKey = false;
  /** What was there at the statement before, and which that was; for those compared by value. */
  last: Stored | undefined = undefined;
  lastIcount = -2;

  constructor(id: string, data: DataId) {
    this.id = id;
    this.data = data;
    this.reset();
  }

  /** A new run: its objects are others. */
  reset(): void {
    const { key } = this.data;
    this.object = null;
    this.lastIcount = -2;
    this.hasKey = key.kind !== 'object entry';
    this.key = this.hasKey ? keyIn({}, key) : undefined;
  }

  /** The object is this one. */
  found(object: object): void {
    this.object = object;
    if (this.hasKey) return;
    this.key = keyIn(object, this.data.key);
    this.hasKey = true;
  }

  failed(why: string): void {
    this.failure = why;
    this.looked = true;
  }

  /** Later runs know the object, and the key, from their first access on. */
  get isNamed(): boolean {
    return this.first > 0 && (this.data.key.kind !== 'object entry' || this.firstOfKey > 0);
  }

  /** An access that nothing came before names the object, too. */
  accessed(tap: number, count: number): void {
    if (this.first === 0 && (tap & UNCOUNTED) === 0) this.first = count;
  }

  value(): Stored | undefined {
    return this.object === null ? undefined : valueIn(this.object, this.data.key.kind, this.key);
  }
}

export class Watches {
  readonly #taps: Taps;
  readonly #all = new Map<string, Watch>();
  #numbers: WeakMap<object, number> | null = null;
  #keyNumbers = new WeakMap<object, number>();

  constructor(taps: Taps) {
    this.#taps = taps;
  }

  get all(): Iterable<Watch> {
    return this.#all.values();
  }

  get(id: string): Watch | undefined {
    return this.#all.get(id);
  }

  add(watch: Watch): void {
    this.#all.set(watch.id, watch);
  }

  /** From its beginning, the next run names objects; or no longer. */
  naming(on: boolean): void {
    this.#numbers = on ? new WeakMap() : null;
    this.#keyNumbers = new WeakMap();
    this.arm();
  }

  /** A new run begins. */
  begin(): void {
    this.#taps.count = 0;
    for (const watch of this.#all.values()) watch.reset();
    if (this.#numbers !== null) this.naming(true);
    this.arm();
  }

  /** An object that a trail led to, in a run that named objects. */
  name(watch: Watch, object: object): void {
    watch.found(object);
    watch.looked = true;
    watch.first = this.#numbers?.get(object) ?? 0;
    const { key } = watch;
    const isObject = typeof key === 'object' && key !== null;
    watch.firstOfKey = isObject ? (this.#keyNumbers.get(key) ?? 0) : 0;
  }

  /** Listens for the objects that are known, and for the accesses by which others become known. */
  arm(): void {
    const { count } = this.#taps;
    let next = this.#numbers === null ? NEVER_SEEN : 0;
    const objects = new Set<object>();
    for (const watch of this.#all.values()) {
      if (watch.object !== null) objects.add(watch.object);
      for (const number of [watch.first, watch.firstOfKey]) {
        if (number > count && number < next) next = number;
      }
    }
    this.#taps.next = next;
    this.#taps.watch(objects);
  }

  disarm(): void {
    this.#taps.next = NEVER_SEEN;
    this.#taps.watch(new Set());
  }

  /** An access that is awaited, or any one while objects are named. */
  seen(object: unknown, key: unknown): void {
    const { count } = this.#taps;
    if (this.#numbers !== null) note(this.#numbers, object, count);
    if (this.#numbers !== null) note(this.#keyNumbers, key, count);
    let isFound = false;
    for (const watch of this.#all.values()) {
      if (watch.firstOfKey === count) {
        watch.key = key;
        watch.hasKey = true;
      }
      if (watch.first !== count) continue;
      watch.object = object as object;
      isFound = true;
    }
    if (isFound || this.#numbers === null) this.arm();
  }
}

function note(numbers: WeakMap<object, number>, object: unknown, count: number): void {
  if (typeof object !== 'object' || object === null || numbers.has(object)) return;
  numbers.set(object, count);
}

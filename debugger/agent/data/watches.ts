/**
 * Watches: places that are watched, in whatever run there is.
 *
 * An object is named by the first access, in counted code, that is about it: by its icount and its
 * number among the accesses of that icount. When that access comes in another run, what it is about
 * is the object. A run that names objects (`naming`) notes the name of every object that it sees.
 */

import { types } from 'node:util';
import { NEVER_SEEN, type Taps } from '../../../tracer/index.ts';
import type { DataId } from './dataid.ts';
import { keyIn, type Stored, valueIn } from './places.ts';

/** An access: at that icount, the n-th, from 1. */
export interface Access {
  readonly icount: number;
  readonly nth: number;
}

export class Watch {
  readonly id: string;
  readonly data: DataId;
  /** The first access to the object; null while it is not known. */
  first: Access | null = null;
  /** The same for a key that is an object. */
  firstOfKey: Access | null = null;
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
  /** It has been seen to be a plain field, which can be read as such. */
  #isField = false;

  constructor(id: string, data: DataId) {
    this.id = id;
    this.data = data;
    this.reset();
  }

  /** A new run: its objects are others. */
  reset(): void {
    this.#isField = false;
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
    const needsKey = this.data.key.kind === 'object entry';
    return this.first !== null && (!needsKey || this.firstOfKey !== null);
  }

  /** What is there before the next statement. */
  note(icount: number): void {
    this.last = this.value();
    this.lastIcount = icount;
  }

  value(): Stored | undefined {
    const { object, key } = this;
    if (this.#isField && object !== null && Object.hasOwn(object, key as PropertyKey)) {
      return { value: (object as Record<PropertyKey, unknown>)[key as PropertyKey] };
    }
    if (object === null) return undefined;
    const { kind } = this.data.key;
    const stored = valueIn(object, kind, key);
    this.#isField = kind === 'field' && stored !== undefined && !types.isProxy(object);
    return stored;
  }
}

export class Watches {
  readonly #taps: Taps;
  readonly #all = new Map<string, Watch>();
  #names: WeakMap<object, Access> | null = null;
  #keyNames = new WeakMap<object, Access>();
  /** The access that came last, of those that were shown. */
  #icount = -1;
  #nth = 0;

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
    this.#names = on ? new WeakMap() : null;
    this.#keyNames = new WeakMap();
    this.arm();
  }

  /** A new run begins. */
  begin(): void {
    this.#icount = -1;
    for (const watch of this.#all.values()) watch.reset();
    if (this.#names !== null) this.naming(true);
    this.arm();
  }

  /** An object that a trail led to, in a run that named objects. */
  name(watch: Watch, object: object): void {
    watch.found(object);
    watch.looked = true;
    watch.first = this.#names?.get(object) ?? null;
    const { key } = watch;
    const isObject = typeof key === 'object' && key !== null;
    watch.firstOfKey = isObject ? (this.#keyNames.get(key) ?? null) : null;
  }

  /** Listens for the objects that are known, and for the accesses by which others become known. */
  arm(): void {
    const objects = new Set<object>();
    let from = this.#names === null ? NEVER_SEEN : 0;
    for (const watch of this.#all.values()) {
      if (watch.object !== null) objects.add(watch.object);
      from = Math.min(from, this.#awaited(watch));
    }
    this.#taps.wantedFrom = from;
    this.#taps.watch(objects);
  }

  /** From which icount on accesses may name what a watch is about. */
  #awaited(watch: Watch): number {
    if (watch.failure !== '' || !watch.looked) return NEVER_SEEN;
    if (!watch.isNamed) return 0;
    const { first, firstOfKey } = watch;
    const ofObject = watch.object === null && first !== null ? first.icount : NEVER_SEEN;
    const ofKey = !watch.hasKey && firstOfKey !== null ? firstOfKey.icount : NEVER_SEEN;
    return Math.min(ofObject, ofKey);
  }

  /** An access that may be awaited. */
  seen(icount: number, object: unknown, key: unknown): void {
    if (icount !== this.#icount) {
      this.#icount = icount;
      this.#nth = 0;
    }
    const access: Access = { icount, nth: ++this.#nth };
    if (this.#names !== null) note(this.#names, object, access);
    if (this.#names !== null) note(this.#keyNames, key, access);
    let isFound = false;
    for (const watch of this.#all.values()) {
      if (this.#sees(watch, access, object, key)) isFound = true;
    }
    if (isFound) this.arm();
  }

  /** Whether an access tells more of what a watch is about. */
  #sees(watch: Watch, access: Access, object: unknown, key: unknown): boolean {
    // What was known only by where it was is named by its first access.
    if (watch.first === null && watch.object === object) watch.first = access;
    if (watch.firstOfKey === null && watch.hasKey && watch.key === key) watch.firstOfKey = access;
    let isFound = false;
    if (!watch.hasKey && isSame(watch.firstOfKey, access)) {
      watch.key = key;
      watch.hasKey = true;
      isFound = true;
    }
    if (watch.object === null && isSame(watch.first, access)) {
      watch.object = object as object;
      watch.note(access.icount);
      isFound = true;
    }
    return isFound;
  }
}

function isSame(one: Access | null, { icount, nth }: Access): boolean {
  return one !== null && one.icount === icount && one.nth === nth;
}

function note(names: WeakMap<object, Access>, object: unknown, access: Access): void {
  if (typeof object !== 'object' || object === null || names.has(object)) return;
  names.set(object, access);
}

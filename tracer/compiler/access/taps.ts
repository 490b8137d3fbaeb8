/**
 * Taps: what code that was compiled for watching (patch.ts) calls at each access to a watched name.
 *
 * A watched object is compared by identity. In another run it is another object, but the run is the
 * same: so whoever watches wants to see the objects of the accesses from an icount on, `wantedFrom`.
 *
 * What must hold  An access costs four compares while nothing is watched.
 */

import type { Watchable } from './context.ts';
import type { Shifts } from './edits.ts';

/** Bits of a tap's number. The rest, from NAME on: 0 for elements, else the name's index + 1. */
export const UNCOUNTED = 1;
export const READ = 2;
export const WRITE = 4;
/** Any element may be meant: the key is not known. */
export const WHOLE = 8;
export const NAME_SHIFT = 4;

/** Global name under which patched scripts find the taps. */
export const TAPS = '__rumpusTaps';

/** What is written is not known yet. */
export const UNKNOWN = Symbol('unknown');

/** Larger than any icount. */
export const NEVER_SEEN = Number.MAX_SAFE_INTEGER;

/** Who is told. */
export interface Listener {
  /** An access of counted code, from `wantedFrom` on, is about this object, and perhaps this key. */
  seen(object: unknown, key: unknown): void;
  /**
   * A watched object is accessed; `start` is the icount at which the access began, `written` what is
   * about to be there, or UNKNOWN.
   */
  accessed(object: object, tap: number, key: unknown, start: number, written: unknown): void;
}

type Keyed = Record<PropertyKey, unknown>;
type Callable = Record<string, (...args: unknown[]) => unknown>;

const NOBODY: object = {};

export class Taps {
  wantedFrom = NEVER_SEEN;
  #first: unknown = NOBODY;
  #second: unknown = NOBODY;
  #others: Set<unknown> | null = null;
  listener: Listener = { seen() {}, accessed() {} };
  /** The world's counter. */
  clock: { readonly icount: number } = { icount: 0 };
  /** What the image was compiled for. */
  readonly watchable: Watchable;
  /** Files of the image that were patched, and how their columns moved. */
  readonly shifts = new Map<string, Shifts>();
  /** Functions that patched code calls; see patch.ts. */
  readonly functions: Readonly<Record<string, unknown>>;

  constructor(watchable: Watchable) {
    this.watchable = watchable;
    const tap = (object: unknown, n: number) => this.#tap(object, n, undefined, -1, UNKNOWN);
    this.functions = {
      a: (object: unknown, n: number) => {
        tap(object, n);
        return object;
      },
      v: (object: unknown, n: number, value: unknown) => {
        this.#tap(object, n, undefined, -1, value);
        return value;
      },
      k: (object: unknown, n: number, key: unknown) => {
        this.#tap(object, n, key, -1, UNKNOWN);
        return key;
      },
      g: (object: unknown, n: number, key: PropertyKey) => {
        this.#tap(object, n, key, -1, UNKNOWN);
        return (object as Keyed)[key];
      },
      d: (object: unknown, n: number, value: unknown) => {
        tap(object, n);
        return value;
      },
      p: (object: unknown, key: PropertyKey, start: number, n: number, value: unknown) => {
        this.#tap(object, n, key, start, value);
        (object as Keyed)[key] = value;
        return value;
      },
      m: (object: unknown, name: string, start: number, n: number, ...args: unknown[]) => {
        this.#tap(object, n, args[0], start, UNKNOWN);
        return (object as Callable)[name](...args);
      },
      z: throughOptional,
      i: () => this.clock.icount,
    };
  }

  #tap(object: unknown, n: number, key: unknown, start: number, written: unknown): void {
    if (this.clock.icount >= this.wantedFrom && (n & UNCOUNTED) === 0) {
      this.listener.seen(object, key);
    }
    if (object === this.#first || object === this.#second)
      this.#tell(object, n, key, start, written);
    else if (this.#others?.has(object)) this.#tell(object, n, key, start, written);
  }

  #tell(object: unknown, n: number, key: unknown, start: number, written: unknown): void {
    const began = start < 0 ? this.clock.icount : start;
    this.listener.accessed(object as object, n, key, began, written);
  }

  /** Replaces the objects that are watched. */
  watch(objects: ReadonlySet<object>): void {
    const [first = NOBODY, second = NOBODY, ...others] = objects;
    this.#first = first;
    this.#second = second;
    this.#others = others.length > 0 ? new Set<unknown>(others) : null;
  }
}

/** The object of a link after an optional one: undefined if that one ended the chain. */
function throughOptional(object: unknown, base: unknown, name: unknown): unknown {
  if ((object ?? null) !== null || (base ?? null) === null) return object;
  throw new TypeError(`Cannot read properties of ${object} (reading '${String(name)}')`);
}

/** Makes the taps known to the scripts that are loaded from now on. */
export function installTaps(taps: Taps): void {
  Object.defineProperty(globalThis, TAPS, { value: taps, configurable: true });
}

/** The taps of this process, if its image was compiled for watching. */
export function installedTaps(): Taps | undefined {
  return (globalThis as unknown as Record<string, Taps | undefined>)[TAPS];
}

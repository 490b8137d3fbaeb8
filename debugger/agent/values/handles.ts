/**
 * Handles: numbers that a client has for live values of the target.
 *
 *   const handle = handles.add(vp, { evaluateName: 'vp', frame: 2, trail });
 *   variables(handles, handle, { filter: 'named' });
 *   handles.clear();
 *
 * A number holds until clear(), which is called whenever the target moves; after that it is never
 * used again, so that an old number is refused instead of showing something else.
 */

import { TargetError } from '../../target/index.ts';
import type { Trail } from './trail.ts';

/** How a value was come by. */
export interface How {
  /** TypeScript expression that gives it in its frame; '' when none does. */
  readonly evaluateName: string;
  /** Number of the frame that the expression is for. */
  readonly frame?: number;
  /** How it is found again in another run; null when it cannot be. */
  readonly trail: Trail | null;
}

/** A variable of a scope, under its name in the source. */
export interface ScopeEntry {
  readonly name: string;
  readonly value: unknown;
  /** Reads as undefined, but perhaps only because the engine has dropped it. */
  readonly optimizedAway?: boolean;
  /** Whoever reads the scope can write it, too. */
  readonly writable?: boolean;
}

/** What is behind a number. */
export type Held =
  | { readonly kind: 'value'; readonly value: unknown; readonly how: How }
  /** A record of which some fields are shown first. */
  | {
      readonly kind: 'record';
      readonly value: object;
      readonly first: readonly string[];
      readonly how: How;
    }
  | { readonly kind: 'scope'; readonly entries: readonly ScopeEntry[]; readonly how: How }
  /** An entry of a map whose key is an object; `how` is the map's. */
  | {
      readonly kind: 'entry';
      readonly map: Map<unknown, unknown>;
      readonly key: unknown;
      readonly index: number;
      readonly how: How;
    };

export interface HandlesOptions {
  /** The function that a generator runs; '' when it is not known. */
  readonly generatorName?: (generator: object) => string;
}

export class Handles {
  readonly options: HandlesOptions;
  readonly keys = new KeyCache();
  readonly #held = new Map<number, Held>();
  readonly #memory = new Map<string, { bytes: ArrayBufferView | ArrayBufferLike; how: How }>();
  /** The next number; none is given twice. */
  next = 1;

  constructor(options: HandlesOptions = {}) {
    this.options = options;
  }

  /** A number for a value. */
  add(value: unknown, how: How): number {
    return this.#hold({ kind: 'value', value, how });
  }

  /** A number for a record, some of whose fields come first. */
  addRecord(value: object, first: readonly string[], how: How): number {
    return this.#hold({ kind: 'record', value, first, how });
  }

  /** A number for a scope: variables that are not the fields of an object. */
  addScope(entries: readonly ScopeEntry[], how: How): number {
    return this.#hold({ kind: 'scope', entries, how });
  }

  /** A number for an entry of a map; `how` is the map's. */
  addEntry(map: Map<unknown, unknown>, key: unknown, index: number, how: How): number {
    return this.#hold({ kind: 'entry', map, key, index, how });
  }

  #hold(held: Held): number {
    const handle = this.next++;
    this.#held.set(handle, held);
    return handle;
  }

  /** Errors: the number is unknown, or from before the target moved. */
  get(handle: number): Held {
    const held = this.#held.get(handle);
    if (held === undefined) {
      throw new TargetError(`there is no value ${handle}: the target has moved since`);
    }
    return held;
  }

  /** A reference to bytes, for readMemory(). */
  addMemory(bytes: ArrayBufferView | ArrayBufferLike, how: How): string {
    const reference = `m${this.next++}`;
    this.#memory.set(reference, { bytes, how });
    return reference;
  }

  /** Errors: the reference is unknown, or from before the target moved. */
  memory(reference: string): ArrayBufferView | ArrayBufferLike {
    return this.#bytes(reference).bytes;
  }

  /** How bytes were come by. Errors: as memory(). */
  howOfMemory(reference: string): How {
    return this.#bytes(reference).how;
  }

  #bytes(reference: string): { bytes: ArrayBufferView | ArrayBufferLike; how: How } {
    const known = this.#memory.get(reference);
    if (known === undefined) {
      throw new TargetError(`there are no bytes ${reference}: the target has moved since`);
    }
    return known;
  }

  /** Forgets everything: the target moves. */
  clear(): void {
    this.#held.clear();
    this.#memory.clear();
    this.keys.clear();
  }
}

type Keys = readonly (string | symbol)[];

/** Objects with fewer fields are asked for their names each time. */
const CACHED_FROM = 1000;

/** Names of the fields of large objects, which take long to list. */
export class KeyCache {
  readonly #keys = new Map<object, Keys>();

  of(object: object, read: (object: object) => Keys): Keys {
    const known = this.#keys.get(object);
    if (known !== undefined) return known;
    const keys = read(object);
    if (keys.length >= CACHED_FROM) this.#keys.set(object, keys);
    return keys;
  }

  /** Fields may have come or gone. */
  clear(): void {
    this.#keys.clear();
  }
}

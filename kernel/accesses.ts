/**
 * What code of the access image calls before each access to something that LWPs might share: a
 * field, an element, an entry of a collection, a captured variable. With $x these hooks, $1 and $2
 * temporaries of the function, and N the site of the access (negative; sites.ts):
 *
 *   O.f                    ($x.read($1=O,N)&&(yield,$x.resumed()),$1).f
 *   O.f = E                ($1=O,$2=E,$x.write($1,N)&&(…),$1.f=$2)
 *   O.f++                  ($x.read($1=O,N)&&(…),$2=$1.f,$3=$2++,$x.write($1,N)&&(…),$1.f=$2,$3)
 *   O[k]                   ($1=O,$2=k,$x.readAt($1,$2,N)&&(…),$1)[$2]
 *   O.get(k)               ($1=O).get(($2=k,$x.call($1,$2,N)&&(…),$2))
 *   f(a)                   f(($1=a,$x.step(N)&&(…),$1))   in a generator, where f may do something
 *   O.m(a)                 ($1=O).m(($2=a,$x.method($1,N)&&(…),$2))
 *   A?.f.g                 ($x.read($1=$x.linked(($2=A)?.f,$2,"g"),N)&&(…),$1)?.g
 *   for (const x of O)     for (const x of ($x.iterate($1=O,N)&&(…),$1))
 *   E << n, E | 0          $x.fits(E,N,W) << n
 *   a captured variable v  ($x.read($e4,N)&&(…),v), with const $e4=$x.scope() in its block
 *
 * In a plain function nobody can come between: the same without `yield`, with the hooks' names
 * ending in Plain. Each call in a generator is a scheduling point of the grain `access`; all are
 * told to monitors. `count` is the same whoever watches.
 */

import { accessNames, type AccessTable, siteTable } from './sites.ts';

/** One activation of a function, block or module that has captured variables. */
export class Scope {}

/** What an access does. */
export const READ = 0;
export const WRITE = 1;
export type AccessKind = 0 | 1;

/** What the running world does with accesses. */
export interface AccessListener {
  /** True asks the generator to yield, which it can if `yields`. */
  access(object: object, key: unknown, site: number, kind: AccessKind, yields: boolean): boolean;
  /** A method of a collection is about to be called, with `key` its first argument. */
  call(object: object, key: unknown, site: number, yields: boolean): boolean;
  /** A function is about to be called that does in one step whatever it does. */
  step(site: number): boolean;
  /** All elements of a collection are about to be read. */
  iterate(object: object, site: number, yields: boolean): boolean;
  /** An operand that loses bits (world/detect/traps.ts). */
  misfit(value: number, site: number): void;
  /** A generator that yielded before an access is about to make it. */
  resumed(): void;
}

const NOBODY: AccessListener = {
  access: () => false,
  call: () => false,
  step: () => false,
  iterate: () => false,
  misfit: () => {},
  resumed: () => {},
};

/** A stop that is never reached; see hooks.ts. */
const NEVER = 0x3fffffff;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export class AccessHooks {
  /** Accesses of generators so far in the running world. */
  count = 0;
  /** The count at which the listener is to be asked. */
  stop = NEVER;
  /** It is to be told of every access. */
  watching = false;
  /** Above 0 in what data_race(9) evaluates: accesses there are meant to race. */
  marked = 0;
  listener: AccessListener = NOBODY;

  read(object: unknown, site: number): boolean {
    if (!isObject(object)) return false;
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.access(object, accessNames[-site], site, READ, true);
  }

  write(object: unknown, site: number): boolean {
    if (!isObject(object)) return false;
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.access(object, accessNames[-site], site, WRITE, true);
  }

  readAt(object: unknown, key: unknown, site: number): boolean {
    if (!isObject(object)) return false;
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.access(object, key, site, READ, true);
  }

  writeAt(object: unknown, key: unknown, site: number): boolean {
    if (!isObject(object)) return false;
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.access(object, key, site, WRITE, true);
  }

  step(site: number): boolean {
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.step(site);
  }

  method(object: unknown, site: number): boolean {
    return isObject(object) && this.step(site);
  }

  call(object: unknown, key: unknown, site: number): boolean {
    if (!isCollection(object)) return this.method(object, site);
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.call(object, key, site, true);
  }

  iterate(object: unknown, site: number): boolean {
    if (!isCollection(object)) return false;
    if (++this.count !== this.stop && !this.watching) return false;
    return this.listener.iterate(object, site, true);
  }

  readPlain(object: unknown, site: number): void {
    if (!this.watching || !isObject(object)) return;
    this.listener.access(object, accessNames[-site], site, READ, false);
  }

  writePlain(object: unknown, site: number): void {
    if (!this.watching || !isObject(object)) return;
    this.listener.access(object, accessNames[-site], site, WRITE, false);
  }

  readAtPlain(object: unknown, key: unknown, site: number): void {
    if (!this.watching || !isObject(object)) return;
    this.listener.access(object, key, site, READ, false);
  }

  writeAtPlain(object: unknown, key: unknown, site: number): void {
    if (!this.watching || !isObject(object)) return;
    this.listener.access(object, key, site, WRITE, false);
  }

  callPlain(object: unknown, key: unknown, site: number): void {
    if (!this.watching || !isCollection(object)) return;
    this.listener.call(object, key, site, false);
  }

  iteratePlain(object: unknown, site: number): void {
    if (!this.watching || !isCollection(object)) return;
    this.listener.iterate(object, site, false);
  }

  /**
   * The object of a link that comes after an optional one, whose root was `root`: what is told of it
   * is skipped with it, and an object that is missing is the error that it was.
   */
  linked<T>(object: T, root: unknown, name: string): T {
    if (object !== undefined && object !== null) return object;
    if (root === undefined || root === null) return object;
    throw new TypeError(`Cannot read properties of ${object} (reading '${name}')`);
  }

  /** After the yield: the access happens now. */
  resumed(): void {
    this.listener.resumed();
  }

  /**
   * The operand of an operation on 32 bits, as it is; tells of one that does not fit. One that is
   * meant to wrap fits while it is a whole number (`wraps`).
   */
  fits<T>(value: T, site: number, wraps: boolean): T {
    if (!this.watching || typeof value !== 'number') return value;
    if (wraps ? !(Math.abs(value) <= Number.MAX_SAFE_INTEGER) : !inWord(value)) {
      this.listener.misfit(value, site);
    }
    return value;
  }

  /** The record that stands for the captured variables of one activation. */
  scope(): Scope {
    return new Scope();
  }

  /** Registers a module's access sites; gives the base (negative) that ordinals are taken from. */
  module(table: AccessTable): number {
    return siteTable.registerAccesses(table);
  }
}

/** Whether 32 bits hold it, with a sign or without. NaN is in no range. */
function inWord(value: number): boolean {
  return value >= -0x80000000 && value <= 0xffffffff;
}

type Class = abstract new (...args: never[]) => object;

/** What is known of a field: whether it orders who accesses it, and whether all that it holds too. */
export interface StepField {
  readonly orders: boolean;
  readonly holds: boolean;
}

/** Fields that are changed in one step, by class: a part of the image, as sites are. */
const stepFields = new Map<unknown, Map<string, StepField>>();

/**
 * Declares fields that NetBSD keeps under a small lock of their own, or changes with
 * atomic_ops(3), and that are changed here in one step, in the middle of which nobody comes: by a
 * plain function, or by an assignment. To who watches, accesses to them do not race, nor do they
 * order anything. Only `vp.usecount++` in a generator is a write like any other, since others may
 * come between its two halves. `name[]` is a collection that a field holds, with all that is in it.
 *
 *   inOneStep(Vnode, 'usecount', 'holdcnt');            // v_interlock
 */
export function inOneStep(kind: Class, ...fields: readonly string[]): void {
  declare(kind, fields, false);
}

/**
 * The same for fields through which LWPs find what others have made: who reads one goes on after
 * what came before it was written (atomic_store_release(), or the lock that NetBSD has there).
 */
export function publishes(kind: Class, ...fields: readonly string[]): void {
  declare(kind, fields, true);
}

function declare(kind: Class, fields: readonly string[], orders: StepField['orders']): void {
  const known = stepFields.get(kind.prototype) ?? new Map<string, StepField>();
  for (const field of fields) {
    const holds = field.endsWith('[]');
    known.set(holds ? field.slice(0, -2) : field, { orders, holds });
  }
  stepFields.set(kind.prototype, known);
}

/** What was declared of a field. */
export function stepFieldOf(object: object, field: unknown): StepField | null {
  return stepFields.get(Object.getPrototypeOf(object))?.get(field as string) ?? null;
}

/** Objects whose methods are accesses to their elements. */
export function isCollection(value: unknown): value is object {
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    (ArrayBuffer.isView(value) && !(value instanceof DataView))
  );
}

/**
 * How a person finds an object: by the field or variable that holds it, by its class and number.
 *
 *   FdFile#2.refcnt      an AtomicUint that a field of a class holds: the field is what people know
 *   mutex a              a lock, by its own name
 *   total                a captured variable
 *   kernel.procs.get(1).fdp.slots[4].refcnt      the way from the kernel (path())
 *
 * Numbers count the objects of a class in the order in which the run met them. Who holds what is
 * known from the accesses of the run, and from a walk of bounded length over the kernels' records.
 */

import {
  AtomicUint,
  type Lwp,
  Scope,
  SHAPE,
  WHOLE_OBJECT,
  type World,
} from '../../../kernel/index.ts';
import type { Operation } from './record.ts';
import { valueIn } from './values.ts';

/** Objects that a walk looks at. */
const WALK_MAX = 50_000;
/** Entries of one collection that it looks into. */
const ENTRIES_MAX = 256;
/** Holders that a name is made of. */
const HOLDERS_MAX = 4;

/** Classes that say nothing of what an object is for. */
const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'AtomicUint', 'Function', '']);
const LOCKS: ReadonlyMap<string, string> = new Map([
  ['KMutex', 'mutex'],
  ['KRwlock', 'rwlock'],
  ['KCondvar', 'condvar'],
  ['PthreadMutex', 'mutex'],
  ['PthreadRwlock', 'rwlock'],
  ['PthreadCond', 'condvar'],
  ['PthreadBarrier', 'barrier'],
  ['Sem', 'semaphore'],
]);
/** Fields on which every object can be reached from every other. */
const NOT_WALKED = new Set(
  [
    'world',
    'kernel',
    'frames',
    'op',
    'creator',
    'sysent',
    'config',
    'wchan',
    'waitsFor',
    'held',
  ].concat(['sleepq', 'syscallArgs', 'owner', 'readers', 'waiters', 'cpu']),
);

interface Holder {
  readonly object: object;
  readonly key: unknown;
}

export class ObjectNames {
  readonly #world: World;
  readonly #numbers = new Map<object, number>();
  readonly #counts = new Map<string, number>();
  readonly #holders = new Map<object, Holder>();
  /** What the source calls objects whose class says nothing. */
  readonly #expressions = new Map<object, string>();
  /** Locks that the run met, by their own names. */
  readonly #locks = new Map<string, Set<object>>();
  #walked: Map<object, Holder | string> | undefined;

  /** `expression` knows what the source of an access site calls the object. */
  constructor(
    w: World,
    operations: readonly Operation[],
    expression: (site: number) => string = () => '',
  ) {
    this.#world = w;
    for (const { object, key, site, before, after } of operations) {
      if (object === null) continue;
      if (site < 0 && PLAIN.has(className(object)) && !this.#expressions.has(object)) {
        this.#expressions.set(object, expression(site));
      }
      this.#number(object);
      this.#isLock(object);
      this.#hold(object, key, before);
      this.#hold(object, key, after);
    }
  }

  #hold(object: object, key: unknown, value: unknown): void {
    if (typeof value !== 'object' || value === null || key === WHOLE_OBJECT) return;
    if (!this.#holders.has(value)) this.#holders.set(value, { object, key });
  }

  #isLock(object: object): void {
    const lock = LOCKS.get(className(object));
    if (lock === undefined) return;
    const name = `${lock} ${String((object as { name?: unknown }).name)}`;
    const same = this.#locks.get(name) ?? new Set();
    this.#locks.set(name, same.add(object));
  }

  #number(object: object): number {
    let number = this.#numbers.get(object);
    if (number === undefined) {
      const name = className(object);
      number = (this.#counts.get(name) ?? 0) + 1;
      this.#counts.set(name, number);
      this.#numbers.set(object, number);
    }
    return number;
  }

  /** Class of what an operation is about, as people know it: of the holder for a plain value. */
  typeOf(object: object): string {
    const name = className(object);
    if (!PLAIN.has(name) || name === 'AtomicUint') return name;
    const holder = this.#holder(object);
    return holder === undefined ? name : className(holder.object);
  }

  /** An object by the shortest name that tells it from others. */
  readonly name = (object: object): string => this.#name(object, HOLDERS_MAX);

  #name(object: object, holders: number): string {
    const type = className(object);
    const own = (object as { name?: unknown }).name;
    const lock = LOCKS.get(type);
    const known = lock !== undefined && typeof own === 'string' && own !== '';
    if (known && (this.#locks.get(`${lock} ${own}`)?.size ?? 0) < 2) return `${lock} ${own}`;
    if (type === 'Lwp') return `LWP ${(object as Lwp).id}`;
    const holder = this.#holder(object);
    const byVariable = holder?.object instanceof Scope;
    const plain = PLAIN.has(type) || lock !== undefined;
    if (holders > 0 && holder !== undefined && (byVariable || plain)) {
      return this.#variable(holder.object, holder.key, holders - 1);
    }
    const written = this.#expressions.get(object) ?? '';
    if (written !== '') return written;
    const number = this.#number(object);
    return known ? `${lock} ${own}#${number}` : `${type || 'object'}#${number}`;
  }

  /** A variable: `tmpfs_node#3.parent`, `table[4]`, `total`. */
  variable(object: object, key: unknown): string {
    return this.#variable(object, key, HOLDERS_MAX);
  }

  #variable(object: object, key: unknown, holders: number): string {
    if (object instanceof Scope) return String(key);
    const name = this.#name(object, holders);
    if (key === WHOLE_OBJECT) return name;
    return name + keyText(object, key, (other) => this.#name(other, 0));
  }

  /** Whoever holds an object: known from accesses, or found by a walk. */
  #holder(object: object): Holder | undefined {
    const known = this.#holders.get(object);
    if (known !== undefined) return known;
    const walked = this.#walk().get(object);
    return typeof walked === 'object' ? walked : undefined;
  }

  /** The way from the kernels, or from a thread's argument, to an object; '' when none is found. */
  path(object: object): string {
    const parts: string[] = [];
    let at: object = object;
    for (;;) {
      const holder = this.#walk().get(at);
      if (holder === undefined) return '';
      if (typeof holder === 'string') return holder + parts.reverse().join('');
      parts.push(keyText(holder.object, holder.key, (other) => this.#name(other, 0)));
      at = holder.object;
    }
  }

  /** Breadth first from the kernels' records and the arguments of threads. */
  #walk(): Map<object, Holder | string> {
    if (this.#walked !== undefined) return this.#walked;
    const found = new Map<object, Holder | string>();
    this.#walked = found;
    const { kernels, lwps } = this.#world;
    for (const k of kernels) found.set(k, kernels.length > 1 ? k.name : 'kernel');
    for (const l of lwps) {
      const arg = l?.arg;
      if (typeof arg === 'object' && arg !== null && !found.has(arg))
        found.set(arg, `${l?.name}.arg`);
    }
    for (const object of found.keys()) {
      if (found.size > WALK_MAX) break;
      for (const key of keysOf(object)) {
        const value = valueIn(object, key);
        if (typeof value !== 'object' || value === null || found.has(value)) continue;
        if (ArrayBuffer.isView(value)) continue;
        found.set(value, { object, key });
      }
    }
    return found;
  }
}

/** Whether an object is a lock, a condition variable or the like. */
export function isLock(object: object): boolean {
  return LOCKS.has(className(object));
}

function keysOf(object: object): unknown[] {
  if (Array.isArray(object)) {
    return Array.from({ length: Math.min(object.length, ENTRIES_MAX) }, (_, i) => i);
  }
  if (object instanceof Map) return [...object.keys()].slice(0, ENTRIES_MAX);
  if (object instanceof AtomicUint || object instanceof Set) return [];
  return Object.keys(object).filter((key) => !NOT_WALKED.has(key));
}

function keyText(object: object, key: unknown, named: (object: object) => string): string {
  if (key === SHAPE) return object instanceof Map || object instanceof Set ? '.size' : '.length';
  if (object instanceof Map) return `.get(${keyName(key, named)})`;
  if (object instanceof Set) return `.has(${keyName(key, named)})`;
  if (typeof key === 'number') return `[${key}]`;
  const text = String(key);
  return /^#?[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`;
}

function keyName(key: unknown, named: (object: object) => string): string {
  if (typeof key === 'object' && key !== null) return named(key);
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}

/** The name of an object's class, without running code of the program. */
export function className(object: object): string {
  const prototype = Object.getPrototypeOf(object) as object | null;
  if (prototype === null) return 'Object';
  const own = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
  if (typeof own !== 'function') return '';
  // A bundler gives a class that speaks of itself another name inside: _Queue, Queue2.
  const name = Object.getOwnPropertyDescriptor(own, 'name')?.value as unknown;
  return typeof name === 'string'
    ? name.replace(/^_(?=\p{L})/u, '').replace(/(?<=\p{L})\d+$/u, '')
    : '';
}

/**
 * Trails: how a value is found again in another run at the same icount.
 *
 *   { root: { kind: 'lwp', id: 3 }, steps: ['proc', 'fd', 'dt', 'ff', { index: 4 }] }
 *
 * An object of one run is another object in the next, but the run is the same: so the way to it
 * names it. A trail is plain data and travels as JSON.
 *
 * Roots  LWPs are numbered in the order of their creation, kernels by their place in the world.
 *        `depth` counts frames from the outermost one, 0, so it does not change while inner
 *        functions come and go.
 * Steps  A field by its name; an element of an array, typed array or set by its index; what a map
 *        has for a string, number, boolean, null or undefined; and where the key is an object, the
 *        n-th entry of the map, or its key. Order in maps and sets is that of insertion, which
 *        replays.
 */

import { TargetError } from '../../target/index.ts';
import { bufferField, elementAt, entryAt, fieldOf, kindOfValue, mapGet } from './read.ts';

export type TrailRoot =
  /** A scope of a frame of an LWP: `scope` as whoever made the trail counts or names them. */
  | {
      readonly kind: 'frame';
      readonly lwp: number;
      readonly depth: number;
      readonly scope: number | string;
    }
  /** What an expression gives in a frame; -1 for no frame. */
  | {
      readonly kind: 'expression';
      readonly text: string;
      readonly lwp: number;
      readonly depth: number;
    }
  | { readonly kind: 'lwp'; readonly id: number }
  | { readonly kind: 'kernel'; readonly index: number }
  /** A variable at the top level of a module. */
  | { readonly kind: 'module'; readonly path: string };

/** A key of a map that can be written down. */
export type PlainKey =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: string }
  | { readonly type: 'bigint'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }
  | { readonly type: 'undefined' };

export type TrailStep =
  | string
  | { readonly index: number }
  | { readonly mapKey: PlainKey }
  | { readonly entry: number; readonly part: 'key' | 'value' };

export interface Trail {
  readonly root: TrailRoot;
  readonly steps: readonly TrailStep[];
}

/** The trail of something inside of what a trail leads to; none from none. */
export function extended(trail: Trail | null, step: TrailStep): Trail | null {
  return trail === null ? null : { root: trail.root, steps: [...trail.steps, step] };
}

/** A map's key as plain data; undefined for an object, function or symbol. */
export function plainKey(key: unknown): PlainKey | undefined {
  switch (typeof key) {
    case 'string':
      return { type: 'string', value: key };
    case 'number':
      return { type: 'number', value: String(key) };
    case 'bigint':
      return { type: 'bigint', value: String(key) };
    case 'boolean':
      return { type: 'boolean', value: key };
    case 'undefined':
      return { type: 'undefined' };
    default:
      return key === null ? { type: 'null' } : undefined;
  }
}

/** The key that plainKey() wrote down. Maps do not tell 0 from -0. */
export function keyOf(plain: PlainKey): unknown {
  switch (plain.type) {
    case 'string':
    case 'boolean':
      return plain.value;
    case 'number':
      return Number(plain.value);
    case 'bigint':
      return BigInt(plain.value);
    case 'null':
      return null;
    case 'undefined':
      return undefined;
  }
}

/**
 * What a trail leads to, in this run. `resolveRoot` gives what its root is here.
 * Errors: TargetError, saying how far it led.
 */
export function follow(trail: Trail, resolveRoot: (root: TrailRoot) => unknown): unknown {
  let value = resolveRoot(trail.root);
  for (let i = 0; i < trail.steps.length; i++) {
    const next = stepInto(value, trail.steps[i]);
    if (next === undefined) {
      throw new TargetError(`there is no ${stepsText(trail.steps.slice(0, i + 1))} any more`);
    }
    ({ value } = next);
  }
  return value;
}

function stepInto(value: unknown, step: TrailStep): { value: unknown } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const kind = kindOfValue(value);
  if (typeof step === 'string') return fieldOf(value, step) ?? bufferField(value, step);
  if ('index' in step) return elementAt(value, step.index);
  if (kind !== 'map') return undefined;
  const map = value as Map<unknown, unknown>;
  if ('mapKey' in step) return mapGet(map, keyOf(step.mapKey));
  const entry = entryAt(map, step.entry);
  return entry && { value: step.part === 'key' ? entry[0] : entry[1] };
}

function stepsText(steps: readonly TrailStep[]): string {
  return steps
    .map((step, i) => (i === 0 ? stepText(step).replace(/^\./, '') : stepText(step)))
    .join('');
}

function stepText(step: TrailStep): string {
  if (typeof step === 'string') return `.${step}`;
  if ('index' in step) return `[${step.index}]`;
  if ('entry' in step) return `[${step.part} of entry ${step.entry}]`;
  return `[${'value' in step.mapKey ? JSON.stringify(step.mapKey.value) : step.mapKey.type}]`;
}

/**
 * Objects and variables as people find them: `Account#2.balance`, `Uint8Array#1[17]`, `total`.
 *
 * Example  variableText(w, v)  the second Account that the run met, its field `balance`.
 */

import { Scope } from '../../accesses.ts';
import { SHAPE, type Variable, WHOLE_OBJECT } from '../variable.ts';
import type { World } from '../world.ts';

/** The class of an object; `variable` for captured variables. */
export function typeOf(object: object): string {
  if (object instanceof Scope) return 'variable';
  const name: unknown = object.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'object';
}

/** The object with its number among those of its class, in the order in which the run met them. */
export function objectText(w: World, object: object): string {
  const type = typeOf(object);
  const number = w.variables?.numberOf(object) ?? 0;
  return number === 0 ? type : `${type}#${number}`;
}

/** The variable, by object and key. */
export function variableText(w: World, v: Variable): string {
  const { object, key } = v;
  if (object instanceof Scope) return String(key);
  const of = objectText(w, object);
  if (key === WHOLE_OBJECT) return of;
  if (key === SHAPE) return `${of} (its size)`;
  if (object instanceof Map || object instanceof Set) return `${of} (entry ${keyText(key)})`;
  return typeof key === 'string' && !Array.isArray(object)
    ? `${of}.${key}`
    : `${of}[${keyText(key)}]`;
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return `'${key}'`;
  return typeof key === 'object' && key !== null ? typeOf(key) : String(key);
}

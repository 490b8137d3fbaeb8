/**
 * Writing what a variable shows: a field, an element, what a map has for a key.
 *
 * No setter, trap or conversion of the target runs: a place that has one is refused, as are places
 * that cannot hold the value. Variables of scopes are written by whoever reads them.
 */

import { types } from 'node:util';
import { printable } from '../../../corefiles/index.ts';
import { TargetError, type Variable } from '../../target/index.ts';
import type { Handles } from './handles.ts';
import { memberNamed, type Place, placeOf } from './place.ts';
import { kindOfValue, mapSet, propertyOf } from './read.ts';
import { toVariable } from './variables.ts';

/** Writes; gives the variable as it is now. Errors: it cannot be written, and why. */
export function assign(handles: Handles, handle: number, name: string, value: unknown): Variable {
  const place = placeOf(handles, handle, name);
  write(place, printable(name), value);
  handles.keys.clear();
  const member = memberNamed(handles, handles.get(handle), name);
  if (member === undefined) throw new TargetError(`${printable(name)} is gone`);
  return toVariable(handles, member, place.type);
}

function write({ object, key }: Place, name: string, value: unknown): void {
  if (key.kind === 'none' || object === null) {
    throw new TargetError(key.kind === 'none' ? key.why : `${name} has no place`);
  }
  switch (key.kind) {
    case 'member':
      throw new TargetError('a set has no places to write to: its members are added and deleted');
    case 'entry':
      mapSet(object as Map<unknown, unknown>, key.key, value);
      return;
    case 'element':
      if (kindOfValue(object) === 'view') writeNumber(object, key.index, name, value);
      else define(object, String(key.index), name, value);
      return;
    case 'field':
      define(object, key.key, name, value);
  }
}

/** Writes an array's element or an object's field as it is stored. */
function define(object: object, key: string | symbol, name: string, value: unknown): void {
  const property = propertyOf(object, key);
  if (property === undefined) {
    const whole = { value, writable: true, enumerable: true, configurable: true };
    if (Reflect.defineProperty(object, key, whole)) return;
    throw new TargetError(`${name} is not there, and the object takes no new fields`);
  }
  if (!('value' in property)) {
    throw new TargetError(`${name} is computed by code, which a debugger does not run`);
  }
  if (property.writable !== true || !Reflect.defineProperty(object, key, { value })) {
    throw new TargetError(`${name} is read-only: its object is frozen or made so`);
  }
}

/** Writes an element of a typed array, which takes a number or a bigint of its own kind only. */
function writeNumber(view: object, index: number, name: string, value: unknown): void {
  const wanted = types.isBigInt64Array(view) || types.isBigUint64Array(view) ? 'bigint' : 'number';
  if (typeof value !== wanted) {
    throw new TargetError(`${name} takes a ${wanted}, not a ${typeof value}`);
  }
  (view as unknown[])[index] = value;
}

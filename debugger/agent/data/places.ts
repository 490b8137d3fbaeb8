/** Places of data ids in the running world: their owners, keys and values. */

import { TargetError } from '../../target/target.ts';
import {
  follow,
  keyOf,
  mapEntryAt,
  mapValue,
  storedField,
  type Trail,
  type TrailRoot,
} from '../values/index.ts';
import type { DataKey } from './dataid.ts';

/** A dotted path of names. */
export const PATH = /^(?:lwp\(\d+\)|[\p{L}_$][\p{L}\p{N}_$]*)(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;

/** What resolves a root of a trail here. */
export interface Roots {
  root(root: TrailRoot): unknown;
  /** A variable of a frame, or a global of the target; undefined for none. */
  variable(lwp: number, depth: number, name: string): { readonly value: unknown } | undefined;
}

/** The object that a trail leads to now. Errors: TargetError. */
export function ownerAt(roots: Roots, trail: Trail): object {
  const { root, steps } = trail;
  const owner = root.kind === 'expression' ? ofPath(roots, root, steps) : plain(roots, trail);
  if (typeof owner !== 'object' || owner === null) {
    throw new TargetError('what it was in is not there any more');
  }
  return owner;
}

function plain(roots: Roots, trail: Trail): unknown {
  return follow(trail, (root) => roots.root(root));
}

type Expression = Extract<TrailRoot, { kind: 'expression' }>;

function ofPath(roots: Roots, root: Expression, steps: Trail['steps']): unknown {
  const { text, lwp, depth } = root;
  if (!PATH.test(text)) {
    throw new TargetError(`${text} cannot be found again in another run; watch it by a variable`);
  }
  const [first, ...names] = text.split('.');
  const found = roots.variable(lwp, depth, first);
  if (found === undefined) throw new TargetError(`there is no ${first}`);
  return follow({ root, steps: [...names, ...steps] }, () => found.value);
}

/** The key by which code accesses a place. */
export function keyIn(owner: object, key: DataKey): unknown {
  switch (key.kind) {
    case 'field':
      return key.name;
    case 'element':
      return key.index;
    case 'entry':
      return keyOf(key.key);
    case 'object entry':
      return mapEntryAt(owner as Map<unknown, unknown>, key.index)?.[0];
  }
}

/** The value of a place; undefined when there is none. */
export function valueIn(owner: object, kind: DataKey['kind'], key: unknown): Stored | undefined {
  if (kind === 'field' || kind === 'element') return storedField(owner, key as PropertyKey);
  return mapValue(owner as Map<unknown, unknown>, key);
}

export interface Stored {
  readonly value: unknown;
}

/** Whether two readings of a place are of the same value. */
export function isSame(one: Stored | undefined, other: Stored | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Object.is(one.value, other.value);
}

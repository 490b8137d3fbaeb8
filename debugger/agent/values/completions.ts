/**
 * What may stand at the cursor: members of the value before the last dot, or variables in scope.
 *
 *   completions('vp.mo', 5, { resolve, scopes })   [{ label: 'mount', type: 'property' }]
 */

import { types } from 'node:util';
import type { Completion } from '../../target/index.ts';
import { isIdentifier } from './expression.ts';
import type { ScopeEntry } from './handles.ts';
import { beforeCursor } from './path.ts';
import { fieldKeys, propertyOf } from './read.ts';

export interface CompletionContext {
  /** What an expression gives, evaluated without side effects; undefined when it fails. */
  resolve(expression: string): { readonly value: unknown } | undefined;
  /** Variables of the scopes of the frame, innermost first, then what is global. */
  readonly scopes: readonly (readonly Pick<ScopeEntry, 'name' | 'value'>[])[];
}

const LABELS_MAX = 1000;
const PROTOTYPES_MAX = 16;
const KEYWORDS = ['false', 'instanceof', 'new', 'null', 'this', 'true', 'typeof', 'undefined'];

/** Completions at a column of a text, those that begin with what is there. */
export function completions(
  text: string,
  columnBase0: number,
  context: CompletionContext,
): Completion[] {
  const cursor = beforeCursor(text, columnBase0);
  if (cursor === undefined) return [];
  const labels = new Map<string, Completion['type']>();
  const add = (label: string, type: Completion['type']) => {
    if (labels.size >= LABELS_MAX || !label.startsWith(cursor.prefix)) return;
    if (!labels.has(label)) labels.set(label, type);
  };
  if (cursor.of === '') addVariables(context, add);
  else {
    const found = context.resolve(cursor.of);
    if (found !== undefined) addMembers(found.value, add);
  }
  return Array.from(labels, ([label, type]) => ({ label, type }));
}

type Add = (label: string, type: Completion['type']) => void;

function addVariables({ scopes }: CompletionContext, add: Add): void {
  for (const scope of scopes) {
    for (const { name, value } of scope) if (isIdentifier(name)) add(name, typeOfName(value));
  }
  for (const keyword of KEYWORDS) add(keyword, 'keyword');
}

function typeOfName(value: unknown): Completion['type'] {
  if (typeof value !== 'function') return 'variable';
  return isClass(value) ? 'class' : 'function';
}

/** The prototype of a class cannot be replaced; that of a function can, and arrows have none. */
function isClass(value: object): boolean {
  return propertyOf(value, 'prototype')?.writable === false;
}

/** Fields of a value, and what it has from its classes. */
function addMembers(value: unknown, add: Add): void {
  if (value === null || value === undefined) return;
  let at: object | null = Object(value) as object;
  if (types.isStringObject(at)) at = String.prototype;
  for (let i = 0; at !== null && i < PROTOTYPES_MAX && !types.isProxy(at); i++) {
    if (at === Object.prototype) return;
    for (const key of ownNames(at)) add(key, typeOfMember(at, key));
    at = Reflect.getPrototypeOf(at);
  }
}

function ownNames(object: object): string[] {
  const names = fieldKeys(object).filter((key) => typeof key === 'string');
  const known = Array.isArray(object) ? ['length', ...names] : names;
  return known.filter((name) => isIdentifier(name) && name !== 'constructor');
}

function typeOfMember(object: object, key: string): Completion['type'] {
  const property = propertyOf(object, key);
  const isMethod = property !== undefined && typeof property.value === 'function';
  return isMethod ? 'method' : 'property';
}

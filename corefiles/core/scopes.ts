/**
 * The variables of one frame, out of the scopes that the engine gives.
 *
 * Kept are the function's own variables, and those that it captured from functions around it,
 * unless these are functions, or belong to the top level of a module: there they are the same in
 * every frame, and mostly imports. A program's own module is of interest, once: moduleVariables().
 */

import { entriesOf } from './inspect.ts';
import { isHelper, type SourceNames } from './names.ts';
import type { CapturedFrame } from './state.ts';

/** A scope by the engine's name for its kind: local, block, catch, closure, module, global… */
export interface NamedScope {
  readonly kind: string;
  readonly object: object;
}

/** A suspended generator's scope says `Local (name)`, `Closure`, `Module`. */
export function kindOfScope(description: string): string {
  return description.split(' ', 1)[0].toLowerCase();
}

const OWN = new Set(['local', 'block', 'catch', 'with', 'eval']);

/** Whether the engine may have dropped values (`lossy`), or ran without optimising. */
export type Precision = 'exact' | 'lossy';

/** Fills in the frame's variables, parameters first; inner scopes hide outer ones. */
export function readScopes(
  frame: CapturedFrame,
  scopes: readonly NamedScope[],
  names: SourceNames,
  precision: Precision,
): void {
  const end = scopes.findIndex(({ kind, object }) => isOutside(kind, object));
  const inside = end < 0 ? scopes : scopes.slice(0, end);
  const own = inside.filter(({ kind }) => OWN.has(kind));
  for (const { object } of own.toReversed()) addLocals(frame, object, names);
  for (const { kind, object } of inside) {
    if (kind === 'closure') addCaptured(frame, object, names);
  }
  if (precision === 'lossy') noteUndecided(frame);
}

/** Whether a scope is that of a module, or is around one. */
export function isOutside(kind: string, object: object): boolean {
  return kind === 'module' || kind === 'script' || kind === 'global' || isModule(object);
}

/** Every instrumented module has the hooks in a variable; so the scope that has them is one. */
export function isModule(scope: object): boolean {
  return Object.hasOwn(scope, '$h') || Object.hasOwn(scope, '__vi_export_all__');
}

function addLocals(frame: CapturedFrame, scope: object, names: SourceNames): void {
  frame.locals ??= Object.create(null) as Record<string, unknown>;
  for (const [generated, value] of entriesOf(scope)) {
    if (isHelper(generated)) continue;
    const name = names.original(generated, frame.path);
    if (value === undefined && names.isDeclaredLater(name, frame)) continue;
    if (generated === `_${name}` && typeof value === 'function') continue;
    frame.locals[name] = value;
  }
}

/**
 * The object whose method it is, among the locals. Not that of a plain function or of a vector,
 * which is only what it happened to be called by.
 */
export function addThis(frame: CapturedFrame, receiver: unknown): void {
  if (!isMethod(frame)) return;
  if (typeof receiver !== 'object' || receiver === null || receiver === globalThis) return;
  const prototype: unknown = Object.getPrototypeOf(receiver);
  if (prototype === null || prototype === Object.prototype) return;
  frame.locals = Object.assign(Object.create(null), { this: receiver }, frame.locals) as Record<
    string,
    unknown
  >;
}

/** `Queue.take`: its variables have `this` among them. */
export function isMethod(frame: CapturedFrame): boolean {
  return frame.function.includes('.');
}

/** Notes the variables that may only seem to be undefined; when all scopes were read. */
function noteUndecided(frame: CapturedFrame): void {
  const undecided = Object.keys(frame.locals ?? {}).filter(
    (name) => frame.locals?.[name] === undefined,
  );
  if (undecided.length > 0) frame.optimizedAway = undecided;
}

function addCaptured(frame: CapturedFrame, scope: object, names: SourceNames): void {
  for (const [generated, value] of entriesOf(scope)) {
    if (isHelper(generated) || typeof value === 'function' || value === undefined) continue;
    const name = names.original(generated, frame.path);
    if (frame.locals !== null && Object.hasOwn(frame.locals, name)) continue;
    frame.captured ??= Object.create(null) as Record<string, unknown>;
    if (!Object.hasOwn(frame.captured, name)) frame.captured[name] = value;
  }
}

/** Variables at the top level of a program's module: its data, not its functions or imports. */
export function moduleVariables(
  scope: object,
  path: string,
  names: SourceNames,
): Record<string, unknown> | null {
  let variables: Record<string, unknown> | null = null;
  for (const [name, value] of moduleEntries(scope, path, names)) {
    if (typeof value === 'function' || value === undefined) continue;
    variables ??= Object.create(null) as Record<string, unknown>;
    variables[name] = value;
  }
  return variables;
}

/** What the module at `path` declares, in a scope that other modules of a bundle are in too. */
function moduleEntries(scope: object, path: string, names: SourceNames): [string, unknown][] {
  const entries = entriesOf(scope).filter(([generated]) => !isHelper(generated));
  const declared = names.topLevel(path);
  if (declared === undefined) {
    const own = entries.filter(([generated]) => generated !== 'module' && generated !== 'exports');
    return own.map(([generated, value]) => [names.original(generated, path), value]);
  }
  const values = new Map(entries);
  return [...declared].flatMap((name): [string, unknown][] => {
    const generated = names.generated(name, path).find((one) => values.has(one));
    return generated === undefined ? [] : [[name, values.get(generated)]];
  });
}

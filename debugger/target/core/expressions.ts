/**
 * Expressions in a core: paths only, since nothing of the file may run.
 *
 *   vp.mount.name     lwp(3).held[0]     kernel.procs.get(1)     [...set][0].name     #17.name
 *
 * What a running target would take as an expression for the same thing is taken here as well, so
 * that a watch keeps working when the core is re-run.
 */

import {
  type Core,
  CoreFileError,
  type GraphObject,
  printable,
  type Value,
} from '../../../corefiles/index.ts';
import { isIdentifier } from '../../agent/values/expression.ts';
import { type Completion, TargetError } from '../target.ts';

/** Spellings of a path in TypeScript, and those that paths have for them. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^\s*lwp\s*\(\s*(\d+)\s*\)/, 'lwp[$1]'],
  [/\?\.(?=\[)/g, ''],
  [/\?\./g, '.'],
  [/\.get\(\s*(-?\d+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)/g, '[$1]'],
];

function asPath(expression: string): string {
  return SPELLINGS.reduce((text, [from, to]) => text.replace(from, to), expression);
}

/** `[...set][2]`, `[...map.keys()][2]`, and what follows. */
interface Spread {
  readonly of: string;
  readonly part: 'members' | 'keys' | 'values';
  readonly index: number;
  readonly rest: string;
}

function spreadOf(expression: string): Spread | undefined {
  if (!/^\s*\[\.\.\./.test(expression)) return undefined;
  const start = expression.indexOf('[');
  let depth = 0;
  let end = start;
  for (; end < expression.length; end++) {
    if (expression[end] === '[') depth++;
    if (expression[end] === ']' && --depth === 0) break;
  }
  const subscript = /^\[(\d+)\]/.exec(expression.slice(end + 1));
  if (subscript === null) return undefined;
  const inside = expression.slice(start + 4, end);
  const [, of, part] = /^(.*?)(?:\.(keys|values)\(\))?$/s.exec(inside) ?? [];
  return {
    of: of ?? '',
    part: part === 'keys' || part === 'values' ? part : 'members',
    index: Number(subscript[1]),
    rest: expression.slice(end + 1 + subscript[0].length),
  };
}

/** Name under which the value of a spread is known while the rest of a path is followed. */
const SPREAD = '$spread';

function evaluateSpread(
  core: Core,
  { of, part, index, rest }: Spread,
  names: ReadonlyMap<string, Value>,
): Value {
  const object = core.graph?.deref(evaluatePath(core, of, names));
  let i = 0;
  for (const item of object === undefined ? [] : itemsOf(object, part)) {
    if (i++ === index) return evaluatePath(core, SPREAD + rest, new Map(names).set(SPREAD, item));
  }
  throw new TargetError(`${printable(of)} has no member ${index}`);
}

function* itemsOf(object: GraphObject, part: Spread['part']): Iterable<Value> {
  if (part === 'members') yield* object.elements();
  else for (const [key, value] of object.entries()) yield part === 'keys' ? key : value;
}

/** Looks like a path: whatever else it holds would have to be computed. */
const PATH = /^[\s\w$#.?"'[\]()\p{L}\p{N}-]*$/u;
/** Brackets with anything but a number, a string or an object's number in them. */
const COMPUTED = /\[\s*(?!-?\d+\s*\]|#\d+\s*\]|["'])/;

/** The value of an expression. Errors: it is no path, or leads nowhere. */
export function evaluatePath(
  core: Core,
  expression: string,
  names: ReadonlyMap<string, Value>,
): Value {
  const spread = spreadOf(expression);
  if (spread !== undefined) return evaluateSpread(core, spread, names);
  const path = asPath(expression);
  try {
    return core.resolve(path, names).value;
  } catch (error) {
    if (!(error instanceof CoreFileError)) throw error;
    const strings = path.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
    if (PATH.test(strings) && !COMPUTED.test(strings) && !/[()]/.test(strings)) {
      throw new TargetError(error.message);
    }
    throw new TargetError(
      'a core evaluates only paths such as `vp.mount.name`: for other expressions go back a step, ' +
        'which re-runs it',
    );
  }
}

/** The path being typed, and the name that it ends with. */
const TYPED =
  /((?:[\p{L}_$#][\p{L}\p{N}_$#]*|\??\.|\[[^\]]*\]|\([^)]*\))*?)(?:(\??\.)([\p{L}\p{N}_$]*))?$/u;

/** What may stand where the cursor is, as a client's completions. */
export function completionsAt(
  core: Core,
  text: string,
  columnBase0: number,
  names: ReadonlyMap<string, Value>,
): Completion[] {
  const typed = text.slice(0, Math.max(0, columnBase0));
  const start = typed.search(/[\p{L}_$#][^\s,;+*/<>=!&|]*$/u);
  const match = TYPED.exec(start < 0 ? '' : typed.slice(start));
  if (match === null) return [];
  const [, base, dot, part] = match;
  if (dot === undefined) return startsWith(base, globalNames(core, names));
  const object = objectAt(core, base, names);
  return object === undefined ? [] : startsWith(part, memberNames(object));
}

function objectAt(
  core: Core,
  path: string,
  names: ReadonlyMap<string, Value>,
): GraphObject | undefined {
  try {
    return core.graph?.deref(evaluatePath(core, path, names));
  } catch (error) {
    if (error instanceof TargetError) return undefined;
    throw error;
  }
}

function startsWith(part: string, all: Iterable<Completion>): Completion[] {
  return [...all].filter(({ label }) => label.startsWith(part));
}

function globalNames(core: Core, names: ReadonlyMap<string, Value>): Completion[] {
  const kernels = core.kernels().map(({ name }) => name);
  const all = [...names.keys(), 'kernel', ...kernels, 'kernels', 'modules'];
  const variables = [...new Set(all)].map((label) => ({ label, type: 'variable' as const }));
  const lwps = core.lwps().filter(({ objectId }) => objectId >= 0);
  return [
    ...variables,
    ...lwps.map(({ id }) => ({ label: `lwp(${id})`, type: 'function' as const })),
  ];
}

function* memberNames(object: GraphObject): Iterable<Completion> {
  for (const [label, value] of object.fields()) {
    if (!isIdentifier(label)) continue;
    const isFunction = typeof value === 'object' && value !== null && value.kind === 'function';
    yield { label, type: isFunction ? 'method' : 'property' };
  }
}

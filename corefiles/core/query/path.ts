/**
 * Paths into a core: what `print` takes.
 *
 *   kernel                    the first kernel; also kernel1… by name, and kernels[i]
 *   lwp[3]                    LWP 3; lwp[3].frames[0].locals.vp is a variable of its frame
 *   modules["a/b.ts"].cache   a variable at the top level of a program's module
 *   #17                       object 17, as printed values show it
 *
 * Then, any number of times: `.field`, `[index]`, `["key"]` (of an array, a map, an object). A map
 * is indexed by its keys: numbers, strings, or `#17` for an object. `length` and `size` are known
 * of what has them.
 */

import type { GraphObject, Value } from '../../codec/index.ts';
import { CoreFileError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import type { Core, Resolved } from '../types.ts';
import { numberOf, objectsOf, textOf } from './fields.ts';
import { viewElement, viewLength } from './views.ts';

const STEP =
  /\s*(?:\.?([\p{L}_$][\p{L}\p{N}_$]*)|\[\s*(-?\d+|#\d+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\]|(#\d+))/uy;

/** Names of a frame that are said when there is no such one. */
const NAMES_SHOWN = 8;

/** One step: a name or key as text, whether it was a number in brackets, and where it stands. */
interface Step {
  readonly key: string;
  readonly kind: 'name' | 'index' | 'key' | 'object';
  readonly end: number;
}

/** Values that a path may begin with besides. */
export type Names = ReadonlyMap<string, Value>;

const NO_NAMES: Names = new Map();

/** What a path leads to; `names` come first. Errors: no-such-path, saying how far it led. */
export function resolvePath(core: Core, path: string, names: Names = NO_NAMES): Resolved {
  const steps = parse(path);
  const named = steps[0].kind === 'name' && names.has(steps[0].key);
  if (core.graph === undefined && !named) throw wrong('this file has no state to print');
  let { value, used } = named
    ? { value: names.get(steps[0].key), used: 1 }
    : start(core, steps, names);
  for (let i = used; i < steps.length; i++) {
    const reached = path.slice(0, steps[i - 1].end);
    value = follow(core, value, steps[i], reached);
  }
  return { path: path.trim(), value };
}

function parse(path: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (path.slice(STEP.lastIndex).trim() !== '') {
    const from = STEP.lastIndex;
    const match = STEP.exec(path);
    if (match === null)
      throw wrong(`'${printable(path.slice(from))}' is not .field, [index] or #id`);
    steps.push(stepOf(match, STEP.lastIndex));
  }
  if (steps.length === 0) throw wrong('a path is needed: kernel.procs, lwp[1], #17…');
  return steps;
}

function stepOf([, name, subscript, object]: RegExpExecArray, end: number): Step {
  if (name !== undefined) return { key: name, kind: 'name', end };
  if (object !== undefined) return { key: object.slice(1), kind: 'object', end };
  if (subscript.startsWith('#')) return { key: subscript.slice(1), kind: 'object', end };
  if (/^-?\d/.test(subscript)) return { key: subscript, kind: 'index', end };
  return { key: subscript.slice(1, -1).replace(/\\(.)/g, '$1'), kind: 'key', end };
}

/** The first step, or first two: where a path begins. */
function start(core: Core, steps: readonly Step[], own: Names): { value: Value; used: number } {
  const [{ key, kind }, second] = steps;
  if (kind === 'object') return { value: { kind: 'ref', id: Number(key) }, used: 1 };
  if (key === 'lwp' && second?.kind === 'index') return { value: lwp(core, second.key), used: 2 };
  const kernel = core.kernels().find(({ name }) => name === key);
  if (kernel !== undefined) return { value: { kind: 'ref', id: kernel.objectId }, used: 1 };
  const first = core.kernels()[0];
  if (key === 'kernel' && first !== undefined) {
    return { value: { kind: 'ref', id: first.objectId }, used: 1 };
  }
  const root = core.graph?.root(key);
  if (root !== undefined) return { value: root, used: 1 };
  const global = [...core.kernels().map(({ name }) => name), 'kernels', 'lwp[N]', 'modules', '#N'];
  const names = [...[...own.keys()].slice(0, NAMES_SHOWN), ...global].map(printable);
  throw wrong(`there is no '${printable(key)}'; a path begins with ${names.join(', ')}`);
}

function lwp(core: Core, key: string): Value {
  const found = core.lwps().find(({ id }) => String(id) === key);
  if (found === undefined || found.objectId < 0) throw wrong(`there is no LWP ${key}`);
  return { kind: 'ref', id: found.objectId };
}

function follow(core: Core, value: Value, step: Step, path: string): Value {
  const object = core.graph?.deref(value);
  if (object === undefined) throw wrong(`${printable(path)} has no fields`);
  const found = framesOf(core, object, step) ?? member(object, step);
  if (found !== undefined) return found;
  throw wrong(`${printable(path)} has no ${stepText(step)}; ${whatItHas(object)}`);
}

/** An LWP's frames are the captured ones: its own list holds only generators. */
function framesOf(core: Core, object: GraphObject, step: Step): Value | undefined {
  const { graph } = core;
  if (graph === undefined || object.type !== 'Lwp' || step.key !== 'frames') return undefined;
  const id = numberOf(object, 'id');
  const stacks = objectsOf(graph, graph.object(0), 'stacks');
  const stack = stacks.find((one) => numberOf(graph.deref(one.get('lwp')), 'id') === id);
  return stack?.get('frames');
}

function member(object: GraphObject, { key, kind }: Step): Value | undefined {
  if (object.kind === 'map') {
    for (const [mapKey, value] of object.entries()) if (isKey(mapKey, key, kind)) return value;
  }
  if (object.kind === 'set' && kind === 'index') return [...object.elements()][Number(key)];
  if (object.kind === 'view' && kind === 'index') return viewElement(object, Number(key));
  if (kind === 'name' && key === lengthName(object)) return lengthOf(object);
  return kind === 'object' ? undefined : object.get(kind === 'index' ? Number(key) : key);
}

/** What the number of an object's elements is called; '' when it has none. */
function lengthName({ kind }: GraphObject): string {
  if (kind === 'array' || kind === 'sparse' || kind === 'view') return 'length';
  return kind === 'map' || kind === 'set' ? 'size' : '';
}

function lengthOf(object: GraphObject): number {
  return object.kind === 'view' ? viewLength(object) : object.size;
}

function isKey(value: Value, key: string, kind: Step['kind']): boolean {
  if (typeof value !== 'object' || value === null) {
    return kind !== 'object' && String(value) === key;
  }
  return kind === 'object' && value.kind === 'ref' && String(value.id) === key;
}

function stepText({ key, kind }: Step): string {
  if (kind === 'object') return `[#${key}]`;
  return kind === 'name' ? `field '${printable(key)}'` : `[${printable(key)}]`;
}

function whatItHas(object: GraphObject): string {
  const names = Array.from(object.fields(), ([name]) => printable(name)).slice(0, 12);
  if (names.length > 0) return `it has ${names.join(', ')}`;
  return `it is ${printable(textOf(object, 'name') || object.type)} of ${object.size}`;
}

function wrong(sentence: string): CoreFileError {
  return new CoreFileError('no-such-path', sentence);
}

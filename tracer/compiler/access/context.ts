/** What one text is patched with: its edits, the taps of its names, and what nodes are there for. */

import { eachChild, isFunction, type Node } from '../ast.ts';
import { type Edited, Edits } from './edits.ts';
import { NAME_SHIFT, TAPS } from './taps.ts';

export interface Watchable {
  /** Names of fields. */
  readonly fields: readonly string[];
  /** Elements of arrays, and entries of maps and sets. */
  readonly elements: boolean;
}

export type Of<Type extends Node['type']> = Extract<Node, { type: Type }>;
export type Member = Of<'MemberExpression'>;

/** Bits that all taps at a position have; undefined where nothing is told. */
export type FlagsAt = (position: number) => number | undefined;

/** Functions of the taps, as patched code calls them: $Aa, $Ak… */
const FUNCTIONS = ['a', 'v', 'k', 'g', 'd', 'p', 'm', 'z', 'i'];

export class Patch {
  readonly code: string;
  readonly watchable: Watchable;
  readonly edits: Edits;
  readonly #flagsAt: FlagsAt;
  #variables = 0;
  /** Taps that were put in. */
  taps = 0;
  /** What is done to a member, other than that it is read. */
  readonly roles = new Map<Node, number>();
  /** Members that are called with new. */
  readonly made = new Set<Node>();
  /** Members that were dealt with along with what they stand in. */
  readonly done = new Set<Node>();

  constructor(code: string, watchable: Watchable, flagsAt: FlagsAt) {
    this.code = code;
    this.watchable = watchable;
    this.edits = new Edits(code);
    this.#flagsAt = flagsAt;
  }

  /** The tap of an access to a field, or '' for elements; undefined where nothing is told. */
  tap(node: Node, name: string, kind: number): number | undefined {
    const flags = this.#flagsAt(node.start);
    if (flags === undefined) return undefined;
    this.taps++;
    const index = name === '' ? 0 : this.watchable.fields.indexOf(name) + 1;
    return (index << NAME_SHIFT) | kind | flags;
  }

  isWatched(name: string | undefined): name is string {
    return name !== undefined && this.watchable.fields.includes(name);
  }

  /** A new variable of the script. */
  variable(): string {
    return `$Ao${++this.#variables}`;
  }

  /** The patched text; its head goes to where the first statement is, after the directives. */
  end(firstStatement: number): Edited {
    if (this.taps === 0) return { code: this.code, shifts: [] };
    const names = FUNCTIONS.map((name) => `${name}: $A${name}`).join(', ');
    const head = `const { ${names} } = globalThis.${TAPS}.functions; `;
    const { code, shifts } = this.edits.apply(firstStatement, head);
    if (this.#variables === 0) return { code, shifts };
    const variables = Array.from({ length: this.#variables }, (_, i) => `$Ao${i + 1}`);
    return { code: `${code}\nvar ${variables.join(', ')};\n`, shifts };
  }
}

/** The name of a member that is a plain field; undefined for others. */
export function fieldName({ computed, property }: Member): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string'
    ? property.value
    : undefined;
}

/** `$h3`, the hooks, whose members nobody watches; `super`, which is no object of its own. */
export function isOurs(node: Node): boolean {
  return node.type === 'Super' || (node.type === 'Identifier' && /^\$[hDmtg]\d*$/.test(node.name));
}

const RUNS_CODE: ReadonlySet<string> = new Set([
  'CallExpression',
  'NewExpression',
  'YieldExpression',
  'AwaitExpression',
  'AssignmentExpression',
  'UpdateExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
  'ClassExpression',
]);

/** Whether evaluating an expression runs no statement and changes no variable. */
export function isSimple(node: Node): boolean {
  if (isFunction(node)) return true;
  if (RUNS_CODE.has(node.type)) return false;
  let simple = true;
  eachChild(node, (child) => {
    simple &&= isSimple(child);
  });
  return simple;
}

/** A name that gives the same object when it is evaluated again. */
export function isName(node: Node): boolean {
  return node.type === 'Identifier' || node.type === 'ThisExpression';
}

/** Whether an optional link comes before, in the chain that a node is the end of. */
export function afterOptional(node: Node): boolean {
  if (node.type === 'MemberExpression') return node.optional || afterOptional(node.object);
  return node.type === 'CallExpression' && (node.optional || afterOptional(node.callee));
}

/** The text that gives a member's object again while the rest is evaluated. */
export function kept(patch: Patch, { object }: Member): string {
  if (isName(object)) return patch.code.slice(object.start, object.end);
  const variable = patch.variable();
  patch.edits.wrap(object.start, object.end, `(${variable} = `, ')');
  return variable;
}

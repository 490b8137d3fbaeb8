/** What all access visitors need: the hooks' names, their sites, and a member split into its parts. */

import type { AccessSite } from '../../../../kernel/index.ts';
import { type Node, unwrap } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';

export type Of<Type extends Node['type']> = Extract<Node, { type: Type }>;
export type Member = Of<'MemberExpression'>;

/** The name of the hook in this kind of function. */
export function hook(context: Context, name: string): string {
  return `$x.${name}${yields(context) ? '' : 'Plain'}`;
}

export function yields(context: Context): boolean {
  return context.mode === 'generator' && !context.inParams;
}

/** What follows the hook's call. */
export function give(context: Context): string {
  return yields(context) ? '&&((yield),$x.resumed())' : '';
}

export function site(
  emitter: Emitter,
  node: Node,
  kind: AccessSite,
  name: string,
  context: Context,
): string {
  return emitter.access(node.start, kind, name, context.info);
}

/** `a` of `a?.b.c`: whether an optional link comes before, in the chain that a node is the end of. */
export function afterOptional(node: Node): boolean {
  if (node.type === 'MemberExpression') return node.optional || afterOptional(node.object);
  if (node.type === 'TSNonNullExpression') return afterOptional(node.expression);
  return node.type === 'CallExpression' && (node.optional || afterOptional(node.callee));
}

/** The optional link that a link comes after, with nothing but members in between. */
function lastOptional(node: Node): Member | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  return node.optional ? node : lastOptional(node.object);
}

/**
 * `A?.f.g`: has the object of `.g` evaluated into a temporary, with `told` of it behind, and what comes
 * after it left out when A is missing. False when that cannot be done.
 */
export function afterLink(
  emitter: Emitter,
  node: Member,
  context: Context,
  told: (object: string) => string,
): boolean {
  const { object, property } = node;
  const optional = lastOptional(object);
  if (node.computed || node.optional || optional === undefined) return false;
  if (property.type !== 'Identifier') return false;
  const o = emitter.temporary(context);
  const root = emitter.roots.get(optional) ?? emitter.temporary(context);
  if (o === undefined || root === undefined) return false;
  emitter.roots.set(optional, root);
  emitter.open(object.start, `(${o}=$x.linked(`);
  emitter.close(object.end, `,${root},${JSON.stringify(property.name)})${told(o)})`);
  emitter.replace(object.end, property.start, '?.');
  return true;
}

/** Objects whose fields nobody shares: imported namespaces, the host's own, `super`. */
export function isPrivate(emitter: Emitter, object: Node): boolean {
  if (object.type === 'Super' || object.type === 'MetaProperty') return true;
  if (object.type !== 'Identifier') return false;
  const binding = emitter.references.get(object)?.binding;
  return binding === undefined || (binding !== 'local' && binding.imported === '*');
}

export function nameOf({ property }: Member): string {
  if (property.type === 'Identifier') return property.name;
  return property.type === 'PrivateIdentifier' ? `#${property.name}` : '';
}

export function text(emitter: Emitter, node: Node): string {
  return emitter.source.code.slice(node.start, node.end);
}

/** Whether a member can be told; if not, its parts are visited as they are. */
export function tellable(emitter: Emitter, node: Member, context: Context): boolean {
  if (isPrivate(emitter, node.object) || (!node.optional && afterOptional(node.object)))
    return false;
  return emitter.temporary(context) !== undefined;
}

export function parts(emitter: Emitter, node: Member, context: Context): void {
  visit(emitter, node.object, context);
  if (node.computed) visit(emitter, node.property, context);
}

/** A place that is assigned to, split into its evaluation and its text. */
export interface Place {
  /** Text before the object's, and from the object's end to the value: `($1=` and `,$2=(k),`. */
  readonly reference: string;
  readonly hookArguments: string;
  readonly at: 'At' | '';
  readonly name: string;
}

export function placeOf(emitter: Emitter, node: Member, context: Context): Place {
  const o = emitter.temporary(context);
  if (!node.computed) {
    const property = text(emitter, node.property);
    return { reference: `${o}.${property}`, hookArguments: `${o}`, at: '', name: nameOf(node) };
  }
  const k = emitter.temporary(context);
  return { reference: `${o}[${k}]`, hookArguments: `${o},${k}`, at: 'At', name: '' };
}

export function told(
  emitter: Emitter,
  node: Node,
  place: Place,
  kind: AccessSite,
  c: Context,
): string {
  const name = kind === 'r' ? 'read' : 'write';
  const at = site(emitter, node, kind, place.name, c);
  return `${hook(c, name + place.at)}(${place.hookArguments},${at})${give(c)}`;
}

/**
 * Turns the text of a member, and what follows it up to `end`, into the evaluation of its object and
 * key, and then `rest`.
 */
export function evaluate(
  emitter: Emitter,
  { object, property, computed }: Member,
  place: Place,
  to: { readonly end: number; readonly rest: string },
): void {
  const [o, k] = place.hookArguments.split(',');
  emitter.open(object.start, `(${o}=`);
  if (computed) {
    emitter.replace(object.end, property.start, `,${k}=(`);
    emitter.replace(property.end, to.end, `),${to.rest}`);
  } else emitter.replace(object.end, to.end, `,${to.rest}`);
}

/** An anonymous function that would be called like the temporary it is put into. */
export function isNamedByPlace(node: Node): boolean {
  const value = unwrap(node);
  if (value.type === 'ArrowFunctionExpression') return true;
  return (value.type === 'FunctionExpression' || value.type === 'ClassExpression') && !value.id;
}

/** Operators that may not assign. */
export const LOGICAL = new Set(['&&=', '||=', '??=']);

/** `++v` in a temporary, and what the whole is worth after `…=v`. */
export function stepped(
  emitter: Emitter,
  v: string | undefined,
  operator: string,
  prefix: boolean,
  context: Context,
): { step: string; value: string } {
  if (prefix) return { step: `${operator}${v}`, value: '' };
  const old = emitter.temporary(context);
  return { step: `${old}=${v}${operator}`, value: `,${old}` };
}

/** What is read: members, the fields that a pattern takes, the elements that a loop goes over. */

import type { Node } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';
import {
  afterLink,
  give,
  hook,
  isPrivate,
  type Member,
  nameOf,
  type Of,
  parts,
  site,
  tellable,
} from './place.ts';

/** `O.f` and `O[k]` as values. */
export function member(emitter: Emitter, node: Member, context: Context): boolean {
  const root = emitter.roots.get(node);
  if (root !== undefined) {
    emitter.open(node.object.start, `(${root}=`);
    emitter.close(node.object.end, ')');
  }
  const told = (o: string) => {
    const named = site(emitter, node.property, 'r', nameOf(node), context);
    return `,${hook(context, 'read')}(${o},${named})${give(context)},${o}`;
  };
  if (!isPrivate(emitter, node.object) && afterLink(emitter, node, context, told)) {
    visit(emitter, node.object, context);
    return true;
  }
  if (!tellable(emitter, node, context) || (node.computed && node.optional)) {
    parts(emitter, node, context);
    return true;
  }
  const o = emitter.temporary(context);
  const { object, property } = node;
  if (!node.computed) {
    const at = site(emitter, property, 'r', nameOf(node), context);
    emitter.open(object.start, `(${hook(context, 'read')}(${o}=`);
    emitter.close(object.end, `,${at})${give(context)},${o})`);
    visit(emitter, object, context);
    return true;
  }
  const k = emitter.temporary(context);
  const at = site(emitter, property, 'r', '', context);
  emitter.open(node.start, `(${o}=`);
  emitter.replace(object.end, property.start, `,${k}=(`);
  emitter.replace(
    property.end,
    node.end,
    `),${hook(context, 'readAt')}(${o},${k},${at})${give(context)},${o}[${k}])`,
  );
  parts(emitter, node, context);
  return true;
}

/** The right side of `for (… of O)`: all its elements are read. Called in place of visit(). */
export function visitIterated(emitter: Emitter, node: Node, context: Context): void {
  const t = emitter.temporary(context);
  if (t === undefined) {
    visit(emitter, node, context);
    return;
  }
  emitter.open(node.start, `(${hook(context, 'iterate')}(${t}=`);
  emitter.close(node.end, `,${site(emitter, node, 'r', '', context)})${give(context)},${t})`);
  visit(emitter, node, context);
}

/** `[...O]`, `f(...O)`; spreads of objects are not told. */
export function spread(emitter: Emitter, node: Of<'SpreadElement'>, context: Context): boolean {
  visitIterated(emitter, node.argument, context);
  return true;
}

/** `const { f, g } = O` reads fields of O. */
export function declarator(
  emitter: Emitter,
  node: Of<'VariableDeclarator'>,
  context: Context,
): boolean {
  const { id, init } = node;
  if (id.type === 'Identifier') {
    if (init) visit(emitter, init, context);
    return true;
  }
  if (id.type === 'ObjectPattern' && init) fieldsOf(emitter, id, init, context);
  else if (init) visit(emitter, init, context);
  visit(emitter, id, context);
  return true;
}

export function fieldsOf(
  e: Emitter,
  { properties }: Of<'ObjectPattern'>,
  init: Node,
  c: Context,
): void {
  const o = e.temporary(c);
  const read: string[] = [];
  for (const property of properties) {
    if (property.type === 'RestElement' || property.computed) continue;
    const { key } = property;
    const name = key.type === 'Identifier' ? key.name : '';
    if (name === '' || o === undefined) continue;
    read.push(`${hook(c, 'read')}(${o},${site(e, key, 'r', name, c)})${give(c)}`);
  }
  if (read.length > 0) {
    e.open(init.start, `(${o}=`);
    e.close(init.end, `,${read.join(',')},${o})`);
  }
  visit(e, init, c);
}

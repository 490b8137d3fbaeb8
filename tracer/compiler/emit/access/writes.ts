/** What is written: members that are assigned, stepped or deleted; patterns, which are not told. */

import type { Node } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';
import {
  evaluate,
  isNamedByPlace,
  LOGICAL,
  type Member,
  type Of,
  parts,
  type Place,
  placeOf,
  stepped,
  tellable,
  told,
} from './place.ts';
import { fieldsOf } from './reads.ts';
import { assignVariable, updateVariable } from './variables.ts';

type Assignment = Of<'AssignmentExpression'>;
type Update = Of<'UpdateExpression'>;

export function assignment(emitter: Emitter, node: Assignment, context: Context): boolean {
  const { left, right } = node;
  if (left.type === 'Identifier') return assignVariable(emitter, node, context);
  if (left.type === 'ObjectPattern') {
    fieldsOf(emitter, left, right, context);
    visit(emitter, left, context);
    return true;
  }
  if (left.type !== 'MemberExpression' || !tellable(emitter, left, context)) {
    visitTarget(emitter, left, context);
    visit(emitter, right, context);
    return true;
  }
  const place = placeOf(emitter, left, context);
  if (node.operator === '=') assign(emitter, node, left, place, context);
  else combine(emitter, node, left, place, context);
  parts(emitter, left, context);
  visit(emitter, right, context);
  return true;
}

/** `O.f = E`. */
function assign(e: Emitter, node: Assignment, left: Member, place: Place, c: Context): void {
  const { right } = node;
  const write = told(e, left.property, place, 'w', c);
  if (isNamedByPlace(right)) {
    evaluate(e, left, place, { end: right.start, rest: `${write},${place.reference}=` });
    e.close(node.end, ')');
    return;
  }
  const v = e.temporary(c);
  evaluate(e, left, place, { end: right.start, rest: `${v}=` });
  e.close(node.end, `,${write},${place.reference}=${v})`);
}

/** `O.f += E` and `O.f ??= E`. */
function combine(e: Emitter, node: Assignment, left: Member, place: Place, c: Context): void {
  const { right, operator } = node;
  const v = e.temporary(c);
  const read = told(e, left.property, place, 'r', c);
  const write = told(e, left.property, place, 'u', c);
  const { reference } = place;
  const binary = operator.slice(0, -1);
  if (LOGICAL.has(operator)) {
    const rest = `${read},${reference}${binary}(${v}=`;
    evaluate(e, left, place, { end: right.start, rest });
    e.close(node.end, `,${write},${reference}=${v}))`);
    return;
  }
  evaluate(e, left, place, { end: right.start, rest: `${read},${v}=${reference}${binary}(` });
  e.close(node.end, `),${write},${reference}=${v})`);
}

/** `O.f++` and the like. */
export function update(emitter: Emitter, node: Update, context: Context): boolean {
  const { argument, operator, prefix } = node;
  if (argument.type === 'Identifier') return updateVariable(emitter, node, argument, context);
  if (argument.type !== 'MemberExpression' || !tellable(emitter, argument, context)) {
    visitTarget(emitter, argument, context);
    return true;
  }
  const place = placeOf(emitter, argument, context);
  const { reference } = place;
  const v = emitter.temporary(context);
  const read = told(emitter, argument.property, place, 'r', context);
  const write = told(emitter, argument.property, place, 'u', context);
  const step = stepped(emitter, v, operator, prefix, context);
  if (prefix) emitter.replace(node.start, argument.start, '');
  evaluate(emitter, argument, place, {
    end: node.end,
    rest: `${read},${v}=${reference},${step.step},${write},${reference}=${v}${step.value})`,
  });
  parts(emitter, argument, context);
  return true;
}

/** `delete O.f`. */
export function deletion(emitter: Emitter, node: Of<'UnaryExpression'>, context: Context): boolean {
  const { argument } = node;
  if (argument.type !== 'MemberExpression' || !tellable(emitter, argument, context)) {
    visitTarget(emitter, argument, context);
    return true;
  }
  const place = placeOf(emitter, argument, context);
  const write = told(emitter, argument.property, place, 'w', context);
  emitter.replace(node.start, argument.start, '');
  evaluate(emitter, argument, place, {
    end: node.end,
    rest: `${write},delete ${place.reference})`,
  });
  parts(emitter, argument, context);
  return true;
}

/** What is written in a way that cannot be told: only what is evaluated in it is visited. */
export function visitTarget(emitter: Emitter, node: Node, context: Context): void {
  if (node.type === 'MemberExpression') parts(emitter, node, context);
  else if (node.type === 'ChainExpression') visitTarget(emitter, node.expression, context);
  else if (node.type !== 'Identifier') {
    if (node.type === 'ObjectPattern' || node.type === 'ArrayPattern') {
      pattern(emitter, node, context);
    } else if (node.type === 'AssignmentPattern') {
      visitTarget(emitter, node.left, context);
      visit(emitter, node.right, context);
    } else if (node.type === 'RestElement') visitTarget(emitter, node.argument, context);
    else visit(emitter, node, context);
  }
}

/** A pattern: its keys and default values are evaluated. */
export function pattern(
  emitter: Emitter,
  node: Of<'ObjectPattern'> | Of<'ArrayPattern'>,
  context: Context,
): void {
  if (node.type === 'ArrayPattern') {
    for (const element of node.elements) if (element) visitTarget(emitter, element, context);
    return;
  }
  for (const property of node.properties) {
    if (property.type !== 'RestElement') {
      if (property.computed) visit(emitter, property.key, context);
      visitTarget(emitter, property.value, context);
    } else visitTarget(emitter, property.argument, context);
  }
}

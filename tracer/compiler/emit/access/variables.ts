/** Captured variables (captured.ts): each is a field of the record of its activation. */

import type { Node } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';
import { give, hook, isNamedByPlace, LOGICAL, type Of, site, stepped, text } from './place.ts';

type Assignment = Of<'AssignmentExpression'>;
type Update = Of<'UpdateExpression'>;

/** A captured variable as a value. */
export function variable(emitter: Emitter, node: Of<'Identifier'>, context: Context): boolean {
  const use = emitter.captured.uses.get(node);
  if (use === undefined) return false;
  const at = site(emitter, node, 'r', use.name, context);
  const shorthand = use.shorthand ? `${node.name}:` : '';
  emitter.open(node.start, `${shorthand}(${hook(context, 'read')}(${use.scope},${at})`);
  emitter.open(node.start, `${give(context)},`);
  emitter.close(node.end, ')');
  return true;
}

function toldVariable(e: Emitter, node: Node, kind: 'r' | 'w', c: Context): string | undefined {
  const use = e.captured.uses.get(node);
  if (use === undefined) return undefined;
  const name = kind === 'r' ? 'read' : 'write';
  return `${hook(c, name)}(${use.scope},${site(e, node, kind, use.name, c)})${give(c)}`;
}

export function assignVariable(emitter: Emitter, node: Assignment, context: Context): boolean {
  const { left, right, operator } = node;
  const v = emitter.temporary(context);
  const write = toldVariable(emitter, left, 'w', context);
  const name = text(emitter, left);
  if (write === undefined || v === undefined) {
    visit(emitter, right, context);
    return true;
  }
  const read = operator === '=' ? '' : toldVariable(emitter, left, 'r', context);
  const binary = operator.slice(0, -1);
  if (operator === '=' && isNamedByPlace(right)) {
    emitter.open(node.start, `(${write},`);
    emitter.close(node.end, ')');
  } else if (operator === '=') {
    emitter.replace(node.start, right.start, `(${v}=`);
    emitter.close(node.end, `,${write},${name}=${v})`);
  } else if (LOGICAL.has(operator)) {
    emitter.replace(node.start, right.start, `(${read},${name}${binary}(${v}=`);
    emitter.close(node.end, `,${write},${name}=${v}))`);
  } else {
    emitter.replace(node.start, right.start, `(${read},${v}=${name}${binary}(`);
    emitter.close(node.end, `),${write},${name}=${v})`);
  }
  visit(emitter, right, context);
  return true;
}

export function updateVariable(
  e: Emitter,
  node: Update,
  argument: Node,
  context: Context,
): boolean {
  const read = toldVariable(e, argument, 'r', context);
  const v = e.temporary(context);
  if (read === undefined || v === undefined) return true;
  const write = toldVariable(e, argument, 'w', context);
  const name = text(e, argument);
  const { step, value } = stepped(e, v, node.operator, node.prefix, context);
  e.replace(node.start, node.end, `(${read},${v}=${name},${step},${write},${name}=${v}${value})`);
  return true;
}

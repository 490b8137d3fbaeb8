/**
 * Accesses, in the access image: fields, elements, entries, captured variables. What is written and
 * what it calls is described in kernel/accesses.ts.
 *
 * The object, the key and the value are evaluated in the order of the source, then the hook is told,
 * then the access is made; in a generator another LWP may come between the last two.
 *
 * Limits   Not told: what a pattern writes, what follows a call in an optional chain, object
 *          literals and class fields as they are made, `in`, object spreads, and what built-in
 *          functions do with an object that they are given.
 */

import type { Node } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';
import { call, callee, construction } from './calls.ts';
import { declarator, member, spread } from './reads.ts';
import { variable } from './variables.ts';
import { assignment, deletion, pattern, update } from './writes.ts';

export { visitIterated } from './reads.ts';
export { visitTarget } from './writes.ts';

/** Nodes that are written differently; false leaves them to the other visitors. */
export function visitAccess(emitter: Emitter, node: Node, context: Context): boolean {
  switch (node.type) {
    case 'MemberExpression':
      return member(emitter, node, context);
    case 'AssignmentExpression':
      return assignment(emitter, node, context);
    case 'UpdateExpression':
      return update(emitter, node, context);
    case 'UnaryExpression':
      return node.operator === 'delete' && deletion(emitter, node, context);
    case 'CallExpression':
      return call(emitter, node, context);
    case 'NewExpression':
      return construction(emitter, node, context);
    case 'TaggedTemplateExpression':
      callee(emitter, node.tag, context);
      visit(emitter, node.quasi, context);
      return true;
    case 'SpreadElement':
      return spread(emitter, node, context);
    case 'VariableDeclarator':
      return declarator(emitter, node, context);
    case 'Identifier':
      return variable(emitter, node, context);
    case 'ObjectPattern':
    case 'ArrayPattern':
      pattern(emitter, node, context);
      return true;
    default:
      return false;
  }
}

/**
 * The walk of the emission: hands each node to its visitor, on the way down.
 *
 * To hook something new, write its visitor in a file of its own beside this one and name its node
 * types here.
 */

import { eachChild, isFunction, type Node } from '../ast.ts';
import { visitAccess } from './access/index.ts';
import { type Context, type Emitter, OFF } from './emitter.ts';
import { visitCall, visitErrno, visitYield } from './expressions.ts';
import { scopeOf, visitClassMember, visitFunction } from './functions.ts';
import {
  isLoop,
  visitCase,
  visitIf,
  visitLabeled,
  visitLoop,
  visitReturn,
  visitStatements,
  visitTry,
} from './statements.ts';
import { visitTrap } from './traps.ts';

export function visit(emitter: Emitter, node: Node, context: Context): void {
  if (isFunction(node)) visitFunction(emitter, node);
  else if (context.mode === 'off' || !visitCounted(emitter, node, context)) {
    visitUncounted(emitter, node, context);
  }
}

/** The nodes that are written as they are; only what is inside them may change. */
function visitUncounted(emitter: Emitter, node: Node, context: Context): void {
  if (node.type === 'PropertyDefinition' || node.type === 'AccessorProperty') {
    visitClassMember(emitter, node, context);
  } else {
    const off = node.type === 'StaticBlock' || node.type === 'TSModuleDeclaration';
    eachChild(node, (child) => visit(emitter, child, off ? OFF : context));
  }
}

/** The nodes that are written differently in counted code; false for all others. */
function visitCounted(emitter: Emitter, node: Node, context: Context): boolean {
  if (emitter.tellsAccesses && visitAccess(emitter, node, context)) return true;
  if (emitter.tellsAccesses && visitTrap(emitter, node, context)) return true;
  if (isLoop(node)) {
    visitLoop(emitter, node, context);
    return true;
  }
  switch (node.type) {
    case 'BlockStatement':
      emitter.head(node.start + 1, scopeOf(emitter, node));
      visitStatements(emitter, node.body, context);
      return true;
    case 'IfStatement':
      visitIf(emitter, node, context);
      return true;
    case 'LabeledStatement':
      visitLabeled(emitter, node, context);
      return true;
    case 'SwitchCase':
      visitCase(emitter, node, context);
      return true;
    case 'ReturnStatement':
      visitReturn(emitter, node, context);
      return true;
    case 'TryStatement':
      visitTry(emitter, node, context);
      return true;
    case 'YieldExpression':
      visitYield(emitter, node, context);
      return true;
    case 'CallExpression':
      visitCall(emitter, node, context);
      return true;
    case 'Identifier':
      visitErrno(emitter, node, context);
      return true;
    default:
      return false;
  }
}

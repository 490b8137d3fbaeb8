/** Counts before statements and in loops; return, try and dprintf. */

import {
  calleeName,
  eachChild,
  isDprintf,
  isTell,
  isTraceCall,
  isTracePoint,
  isTypeOnly,
  type Node,
} from '../ast.ts';
import { visitIterated, visitTarget } from './access/index.ts';
import type { Context, Emitter } from './emitter.ts';
import { scopeOf } from './functions.ts';
import { visit } from './visit.ts';

type LoopType =
  | 'ForStatement'
  | 'ForOfStatement'
  | 'ForInStatement'
  | 'WhileStatement'
  | 'DoWhileStatement';
type Loop = Extract<Node, { type: LoopType }>;
type Try = Extract<Node, { type: 'TryStatement' }>;
type Return = Extract<Node, { type: 'ReturnStatement' }>;

const NOT_COUNTED = new Set([
  'EmptyStatement',
  'BlockStatement',
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSEnumDeclaration',
]);

export function isLoop(node: Node): node is Loop {
  return (
    node.type === 'ForStatement' ||
    node.type === 'ForOfStatement' ||
    node.type === 'ForInStatement' ||
    node.type === 'WhileStatement' ||
    node.type === 'DoWhileStatement'
  );
}

function isDirective(node: Node): boolean {
  return node.type === 'ExpressionStatement' && Boolean(node.directive);
}

/** A list of statements: each is counted before it runs. */
export function visitStatements(emitter: Emitter, list: readonly Node[], context: Context): void {
  for (const statement of list) {
    if (!isTypeOnly(statement)) visitStatement(emitter, statement, context);
  }
}

function visitStatement(emitter: Emitter, node: Node, context: Context): void {
  if (context.mode !== 'off') {
    if (isDprintf(node)) {
      emitPaused(emitter, node);
      return;
    }
    const condition = assertedIn(node);
    if (condition !== undefined) {
      emitAssertion(emitter, node, condition, context);
    } else if (!NOT_COUNTED.has(node.type) && !isDirective(node) && !isTell(node)) {
      emitter.open(node.start, emitter.count(node.start, 's', context));
    }
  }
  visit(emitter, node, context);
}

/** The condition of `KASSERT(condition, sentence);`. */
function assertedIn(node: Node): Node | undefined {
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression') {
    return undefined;
  }
  const [condition] = node.expression.arguments;
  if (calleeName(node.expression) !== 'KASSERT' || condition?.type === 'SpreadElement') {
    return undefined;
  }
  return condition;
}

/**
 * `KASSERT(condition, sentence);` is a call only when the condition does not hold: sentences with
 * values in them are costly to build, and assertions are on in every build. The call's own head
 * moves behind the condition, so that the source map still says where the statement begins; what
 * stays in front of the condition therefore belongs to what stands before the statement.
 */
function emitAssertion(emitter: Emitter, node: Node, condition: Node, context: Context): void {
  emitter.head(node.start, `${emitter.count(node.start, 's', context)}if(!(`);
  emitter.moveHead(node.start, condition, 'KASSERT(false');
  emitter.close(condition.end, '))');
}

/**
 * A dprintf is run with the counters put aside, and nothing in it is a site: so it can be added to
 * a program whose recording is replayed. What only runs while somebody traces is run so too.
 */
function emitPaused(emitter: Emitter, node: Node): void {
  const { lineBase1 } = emitter.source.lines.position(node.start);
  emitter.open(node.start, `{$h.pause($m,${lineBase1});try{`);
  emitter.close(node.end, '}finally{$h.resume();}}');
}

/** The body of an if, an else, a loop or a label: gets braces when it has none. */
export function visitBody(emitter: Emitter, node: Node, context: Context, head = ''): void {
  if (node.type === 'BlockStatement') {
    const scope = scopeOf(emitter, node);
    if (head + scope !== '') emitter.head(node.start + 1, head + scope);
    visitStatements(emitter, node.body, context);
  } else {
    emitter.head(node.start, `{${head}`);
    emitter.close(node.end, '}');
    visitStatement(emitter, node, context);
  }
}

/** Everything but the body, then the body with the count of its iterations. */
export function visitLoop(emitter: Emitter, node: Loop, context: Context): void {
  eachChild(node, (child, field) => {
    if (field !== 'body') visitHead(emitter, node, child, field, context);
    else visitBody(emitter, child, context, emitter.count(node.start, 'l', context));
  });
}

/** A part of a loop's head. */
function visitHead(e: Emitter, node: Loop, child: Node, field: string, context: Context): void {
  const over = node.type === 'ForOfStatement' || node.type === 'ForInStatement';
  if (!e.tellsAccesses || !over || context.mode === 'off') visit(e, child, context);
  else if (field === 'left') visitTarget(e, child, context);
  else if (node.type === 'ForOfStatement') visitIterated(e, child, context);
  else visit(e, child, context);
}

export function visitIf(
  emitter: Emitter,
  node: Extract<Node, { type: 'IfStatement' }>,
  context: Context,
): void {
  visit(emitter, node.test, context);
  if (context.mode !== 'off' && isTracePoint(node)) {
    if (!isTraceCall(node.consequent)) emitPaused(emitter, node.consequent);
    return;
  }
  visitBody(emitter, node.consequent, context);
  if (node.alternate) visitBody(emitter, node.alternate, context);
}

/** The label stays on its loop, whose count is already before the label. */
export function visitLabeled(
  emitter: Emitter,
  node: Extract<Node, { type: 'LabeledStatement' }>,
  context: Context,
): void {
  if (node.body.type === 'LabeledStatement' || isLoop(node.body)) {
    visit(emitter, node.body, context);
  } else {
    visitBody(emitter, node.body, context);
  }
}

export function visitCase(
  emitter: Emitter,
  node: Extract<Node, { type: 'SwitchCase' }>,
  context: Context,
): void {
  if (node.test) visit(emitter, node.test, context);
  visitStatements(emitter, node.consequent, context);
}

/** Plain functions leave through $h.r(), which gives back the depth that their entry took. */
export function visitReturn(emitter: Emitter, node: Return, context: Context): void {
  if (context.mode === 'plain') {
    if (node.argument === null) emitter.open(node.start, '--$h.pd;');
    else {
      const sequence = node.argument.type === 'SequenceExpression';
      emitter.open(node.argument.start, sequence ? '$h.r((' : '$h.r(');
      emitter.close(node.argument.end, sequence ? '))' : ')');
    }
  }
  if (node.argument) visit(emitter, node.argument, context);
}

/**
 * Depth is restored where an exception may have lost it. A `finally` runs after the value of a
 * `return` was computed and its depth given back, so in a plain function it must leave the depth as
 * it found it.
 */
export function visitTry(emitter: Emitter, node: Try, context: Context): void {
  const restore = context.mode === 'generator' ? '$h.fp=$f;$h.pd=0;' : '$h.pd=$p;';
  emitter.head(node.block.start + 1, scopeOf(emitter, node.block));
  visitStatements(emitter, node.block.body, context);
  if (node.handler) {
    if (node.handler.param) visit(emitter, node.handler.param, context);
    emitter.head(node.handler.body.start + 1, restore + scopeOf(emitter, node.handler.body));
    visitStatements(emitter, node.handler.body.body, context);
  }
  if (node.finalizer) {
    const plain = context.mode === 'plain';
    const scope = scopeOf(emitter, node.finalizer);
    emitter.head(node.finalizer.start + 1, (plain ? `const $s=$h.pd;${restore}` : restore) + scope);
    visitStatements(emitter, node.finalizer.body, context);
    if (plain) emitter.open(node.finalizer.end - 1, ';$h.pd=$s;');
  }
}

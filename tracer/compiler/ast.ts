/**
 * The syntax tree: parsing, and a walk over the parts of it that exist at run time.
 *
 * Types are left in the output (esbuild or vite strips them), so every pass must step around them
 * in the same way; `eachChild` is the only place that knows which nodes and fields are types.
 */

import type {
  ArrowFunctionExpression,
  CallExpression,
  ExpressionStatement,
  Function as FunctionNode,
  Node,
  Program,
  Statement,
} from 'oxc-parser';
import { CompileError } from './errors.ts';
import { loadOxc } from './lazy.ts';
import { Lines } from './lines.ts';

export type { Node, Program, Statement };

/** A function with a body. */
export type Fn = FunctionNode | ArrowFunctionExpression;

export interface Source {
  readonly path: string;
  readonly code: string;
  readonly program: Program;
  readonly comments: readonly { start: number; end: number }[];
  readonly lines: Lines;
}

/** Nodes named TS… that have something to run in them; the others are types. */
const RUNS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSParameterProperty',
  'TSEnumDeclaration',
  'TSEnumBody',
  'TSEnumMember',
  'TSModuleDeclaration',
  'TSModuleBlock',
  'TSExportAssignment',
]);

const TYPE_FIELDS = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'implements',
  'superTypeArguments',
  'decorators',
]);

const WRAPPERS = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
]);

/** Parses a module; a syntax error is a CompileError with its position. */
export function parse(code: string, path: string): Source {
  const result = loadOxc().parseSync(path, code, { sourceType: 'module' });
  const lines = new Lines(code);
  if (result.errors.length > 0) {
    const violations = result.errors.map((error) => ({
      path,
      ...lines.base1(error.labels[0]?.start ?? 0),
      rule: 'syntax',
      message: error.message,
      hint: error.helpMessage ?? '',
    }));
    throw new CompileError(violations, code);
  }
  return { path, code, program: result.program, comments: result.comments, lines };
}

/** True for declarations and annotations that leave nothing behind when types are stripped. */
export function isTypeOnly(node: Node): boolean {
  if (node.type.startsWith('TS')) {
    return !RUNS.has(node.type) || (node as { declare?: boolean }).declare === true;
  }
  if ((node as { declare?: boolean }).declare === true) return true;
  return (node as { importKind?: string }).importKind === 'type';
}

/** Calls `visit` for each child that exists at run time, in source order of its fields. */
export function eachChild(node: Node, visit: (child: Node, field: string) => void): void {
  const fields = loadOxc().visitorKeys[node.type] ?? [];
  for (const field of fields) {
    if (TYPE_FIELDS.has(field)) continue;
    const value = (node as unknown as Record<string, Node | (Node | null)[] | null>)[field];
    if (Array.isArray(value)) {
      for (const child of value) if (child !== null && !isTypeOnly(child)) visit(child, field);
    } else if (value && !isTypeOnly(value)) visit(value, field);
  }
}

/** A function that has code of its own: not an overload, not abstract. */
export function isFunction(node: Node): node is Fn {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** The expression inside parentheses, `as`, `satisfies` and `!`. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (WRAPPERS.has(inner.type)) inner = (inner as unknown as { expression: Node }).expression;
  return inner;
}

export function isWrapper(node: Node): boolean {
  return WRAPPERS.has(node.type);
}

/** The name that a call's callee is, when it is a plain name. */
export function calleeName(node: CallExpression): string | undefined {
  return node.callee.type === 'Identifier' ? node.callee.name : undefined;
}

/** `rumpuser_dprintf(…);` as a statement: the one that leaves no trace. */
export function isDprintf(node: Node): node is ExpressionStatement {
  return (
    node.type === 'ExpressionStatement' &&
    node.expression.type === 'CallExpression' &&
    !node.expression.optional &&
    calleeName(node.expression) === DPRINTF
  );
}

export const DPRINTF = 'rumpuser_dprintf';

/** `if (tracing()) …`: the guard of a trace point (kernel/trace/trace.ts), which has no else. */
export function isTracePoint(node: Extract<Node, { type: 'IfStatement' }>): boolean {
  const { test, alternate } = node;
  return alternate === null && test.type === 'CallExpression' && calleeName(test) === 'tracing';
}

/** `trace(…);`, which counts nothing by itself. */
export function isTraceCall(node: Node): boolean {
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression')
    return false;
  return calleeName(node.expression) === 'trace';
}

/** What the kernel tells who watches (kernel/world/tell.ts): as a statement, it counts nothing. */
const TELLS = new Set(
  ['Acquire', 'Release', 'Both', 'Wants', 'Locked', 'Unlocked', 'Created', 'Exited', 'Joined']
    .concat(['Woken', 'Suspended', 'Allocated', 'Freed', 'Touched', 'Queue', 'Looks', 'Marked'])
    .concat(['Unmarked'])
    .map((what) => `tell${what}`),
);

/** `tellAcquire(…);` and its like. */
export function isTell(node: Node): boolean {
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression')
    return false;
  return TELLS.has(calleeName(node.expression) ?? '');
}

/**
 * The rules that need types: an errno result that is dropped, and a call of a function that may
 * sleep without yield*, which `tsc --strict` lets pass.
 */

import { join } from 'node:path';
import ts from 'typescript';
import { at, type Finding, ROOT, type Source } from './sources.ts';

/** Type-checks files of the repository (and canaries that are only texts) with its tsconfig. */
export function programFor(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
): ts.Program {
  const file = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options, true);
  const { readFile, fileExists } = host;
  const absolute = new Map([...texts].map(([path, text]) => [join(ROOT, path), text]));
  host.readFile = (name) => absolute.get(name) ?? readFile(name);
  host.fileExists = (name) => absolute.has(name) || fileExists(name);
  const names = [...paths, ...texts.keys()].map((path) => join(ROOT, path));
  return ts.createProgram(names, options, host);
}

/** What the checker finds in one file of the program. */
export function checkedFindings(program: ts.Program, path: string): Finding[] {
  const ast = program.getSourceFile(join(ROOT, path));
  if (ast === undefined) return [];
  const source: Source = { path, text: ast.text, ast };
  const checker = program.getTypeChecker();
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const message = messageFor(node, checker);
    if (message !== undefined) findings.push(at(source, node, message));
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return findings;
}

function messageFor(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  const value = placeOf(node);
  if (value === undefined) return undefined;
  const called = unwrapped(value.expression);
  const type = checker.getTypeAtLocation(called);
  if (ts.isCallExpression(called) && isSleeper(type)) {
    return `${called.expression.getText()}() may sleep, and is called without yield*`;
  }
  const dropped = value.dropped && (ts.isCallExpression(called) || ts.isYieldExpression(called));
  if (!dropped || !mayBeErrno(type) || saysNothing(called.getText())) return undefined;
  return `the errno of ${called.getText().split('(')[0]}() is dropped; write void if it is meant`;
}

/** The expression of a statement, or what a variable is set to. */
function placeOf(node: ts.Node): { expression: ts.Expression; dropped: boolean } | undefined {
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    if (ts.isBinaryExpression(expression)) return { expression: expression.right, dropped: false };
    return { expression, dropped: true };
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
    return { expression: node.initializer, dropped: false };
  }
  return undefined;
}

function unwrapped(expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) ? unwrapped(expression.expression) : expression;
}

function parts(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function isSleeper(type: ts.Type): boolean {
  return parts(type).some((part) => {
    const name = part.aliasSymbol?.name ?? part.getSymbol()?.name;
    return name === 'MaySleep' || name === 'Generator';
  });
}

/**
 * Results that say nothing new: how a sleep ended (its caller's loop looks again), and a lock that
 * is taken whatever happened to the vnode (LK_RETRY of vnode(9)).
 */
function saysNothing(call: string): boolean {
  return /\b(sleepq_block|kpause)\(/.test(call) || /\b(vn_lock|VOP_LOCK)\(.*LK_RETRY/.test(call);
}

function mayBeErrno(type: ts.Type): boolean {
  return parts(type).some((part) => part.getSymbol()?.name === 'Errno');
}

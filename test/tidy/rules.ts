/** The rules that one source can be held to by its syntax alone. See STYLE and DESIGN. */

import ts from 'typescript';
import { at, type Finding, isKernel, isProduct, isProgram, nodesOf, type Rule } from './sources.ts';

const FILE_LINES = 400;
const FUNCTION_LINES = 60;
/** A heading in the header of a long file, with the reason for it. */
const LENGTH_REASON = /^ \* Length {2}\S/m;

/** The doc comment with which a file starts; '' when there is none. */
function headerOf(text: string): string {
  return /^(?:#!.*\n)?\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? '';
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');

export const headerRule: Rule = (source) => {
  if (isTest(source.path) || /\/programs\//.test(source.path) || headerOf(source.text) !== '')
    return [];
  return [at(source, 0, 'the file starts with no doc comment')];
};

export const fileLengthRule: Rule = (source) => {
  const lines = source.text.split('\n').length - 1;
  if (lines <= FILE_LINES || isTest(source.path)) return [];
  if (LENGTH_REASON.test(headerOf(source.text))) return [];
  return [at(source, 0, `${lines} lines, and no "Length" in the header says why`)];
};

export const functionLengthRule: Rule = (source) => {
  if (isTest(source.path)) return [];
  const findings: Finding[] = [];
  for (const node of nodesOf(source)) {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue;
    const first = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast)).line;
    const last = source.ast.getLineAndCharacterOfPosition(node.end).line;
    const lines = last - first + 1;
    if (lines > FUNCTION_LINES) findings.push(at(source, node, `a function of ${lines} lines`));
  }
  return findings;
};

export const defaultExportRule: Rule = (source) => {
  if (isProgram(source) || isTest(source.path)) return [];
  const findings: Finding[] = [];
  for (const statement of source.ast.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const isDefault =
      ts.isExportAssignment(statement) ||
      modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
    if (isDefault) findings.push(at(source, statement, 'a default export'));
  }
  return findings;
};

export const typesRule: Rule = (source) => {
  const findings: Finding[] = [];
  for (const node of nodesOf(source)) {
    if (ts.isEnumDeclaration(node)) findings.push(at(source, node, 'an enum'));
    if (ts.isDecorator(node)) findings.push(at(source, node, 'a decorator'));
    if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name)) {
      findings.push(at(source, node, 'a namespace'));
    }
    if (node.kind === ts.SyntaxKind.AnyKeyword && !mergesWithForeign(node)) {
      findings.push(at(source, node, 'any'));
    }
  }
  return findings;
};

/** A merged declaration must repeat the type parameters of the package that it merges with. */
function mergesWithForeign(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isModuleDeclaration) !== undefined;
}

const FREE_NAMES: ReadonlyMap<string, string> = new Map(
  ['Date', 'performance', 'Promise', 'console', 'process', 'queueMicrotask', 'require']
    .concat(['setTimeout', 'setInterval', 'setImmediate', 'WeakRef', 'FinalizationRegistry'])
    .map((name) => [name, `${name} in the kernel`]),
);
const TRANSCENDENTAL = /^(a?(sin|cos|tan)h?|atan2|exp|expm1|log(10|1p|2)?|pow|cbrt|hypot|random)$/;

/** What does not occur in the kernel: clocks, timers, promises, the host. */
export const kernelRule: Rule = (source) => {
  if (!isKernel(source)) return [];
  const findings: Finding[] = [];
  for (const node of nodesOf(source)) {
    const message = kernelMessage(node);
    if (message !== undefined) findings.push(at(source, node, message));
  }
  return findings;
};

function kernelMessage(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async in the kernel';
  if (ts.isAwaitExpression(node)) return 'await in the kernel';
  if (ts.isStringLiteral(node) && /^node:/.test(node.text) && ts.isImportDeclaration(node.parent)) {
    return `the import of ${node.text} in the kernel`;
  }
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math') {
    return TRANSCENDENTAL.test(node.name.text) ? `Math.${node.name.text} in the kernel` : undefined;
  }
  if (!ts.isIdentifier(node) || !isUse(node)) return undefined;
  return FREE_NAMES.get(node.text);
}

/** Whether a name is read, and not a property's, a declaration's or a type's. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeNode(parent) || ts.isPropertySignature(parent)) return false;
  return !('name' in parent && parent.name === node);
}

// Written so that this file does not break its own rule.
const MARKS = new RegExp(`\\b(${['TO', 'FIX'].map((a, i) => a + ['DO', 'ME'][i]).join('|')})\\b`);

export const marksRule: Rule = (source) => {
  const match = MARKS.exec(source.text);
  return match === null ? [] : [at(source, match.index, `a ${match[0]}`)];
};

const MACHINE = new RegExp(
  `(?<![\\w.])/(${['wo' + 'rk', 'ro' + 'ot'].join('|')})/\\w|[A-Z]:\\\\Us`,
);

export const machinePathRule: Rule = (source) => {
  const match = MACHINE.exec(source.text);
  if (match === null || !(isProduct(source) || !isTest(source.path))) return [];
  return [at(source, match.index, `the path of a machine: ${match[0]}`)];
};

export const RULES: Readonly<Record<string, Rule>> = {
  'a file starts with a doc comment': headerRule,
  'a file of more than 400 lines says why': fileLengthRule,
  'a function has at most 60 lines': functionLengthRule,
  'exports have names': defaultExportRule,
  'there is no any, enum, namespace or decorator': typesRule,
  'the kernel knows no clock, timer, promise or host': kernelRule,
  'nothing is left to be done': marksRule,
  'no path of a machine is written down': machinePathRule,
};

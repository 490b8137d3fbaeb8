/**
 * The rules that kernel and program code is held to (ruletable.ts lists them), and the few that
 * the instrumentation itself needs, which hold even when the rule set is `off`.
 */

import { isBuiltin } from 'node:module';
import { DPRINTF, eachChild, isDprintf, isFunction, type Node, type Source } from './ast.ts';
import type { Violation } from './errors.ts';
import type { FunctionInfo } from './functions.ts';
import {
  ARGUMENTS,
  ASYNC,
  AWAIT,
  CONSOLE_KERNEL,
  CONSOLE_PROGRAM,
  DPRINTF_EXPRESSION,
  DPRINTF_YIELD,
  DYNAMIC_IMPORT,
  GLOBALS,
  MATH,
  METHODS,
  nodeModule,
  type Rule,
  reservedName,
} from './ruletable.ts';
import type { Reference } from './scope.ts';

export type RuleSet = 'kernel' | 'program' | 'off';

/** Names that inserted code declares or refers to. */
const RESERVED = new Set(['$h0', '$h', '$D', '$m', '$t', '$f', '$p', '$s', '$g', '$r', '$a', '$x']);
/** Temporaries, and records of captured variables. */
const NUMBERED = /^\$e?\d+$/;

interface Check {
  readonly source: Source;
  readonly references: ReadonlyMap<Node, Reference>;
  readonly functions: ReadonlyMap<Node, FunctionInfo>;
  readonly ruleSet: RuleSet;
  readonly violations: Violation[];
}

/** Where the walk is. */
interface Place {
  /** Rules of the rule set apply (everywhere, or in a test file inside generators). */
  readonly ruled: boolean;
  /** Code here is instrumented. */
  readonly counted: boolean;
  /** Directly in a generator: `arguments` would be its own. */
  readonly generator: boolean;
  readonly inDprintf: boolean;
}

/** Everything that is wrong with a module, in source order. */
export function checkRules(
  source: Source,
  references: ReadonlyMap<Node, Reference>,
  functions: ReadonlyMap<Node, FunctionInfo>,
  options: { ruleSet: RuleSet; onlyGenerators: boolean },
): Violation[] {
  const { ruleSet, onlyGenerators } = options;
  const check: Check = { source, references, functions, ruleSet, violations: [] };
  const ruled = ruleSet !== 'off' && !onlyGenerators;
  visit(check, source.program, { ruled, counted: false, generator: false, inDprintf: false });
  const order = (a: Violation, b: Violation): number =>
    a.lineBase1 - b.lineBase1 || a.columnBase1 - b.columnBase1;
  return check.violations.sort(order);
}

function report(check: Check, node: Node, { rule, message, hint }: Rule): void {
  const { path, lines } = check.source;
  check.violations.push({ path, ...lines.base1(node.start), rule, message, hint });
}

function visit(check: Check, node: Node, place: Place): void {
  checkAlways(check, node, place);
  if (place.ruled) checkRuled(check, node);
  const inner = isFunction(node) ? placeIn(check, node, place) : place;
  eachChild(node, (child) => {
    const inDprintf = place.inDprintf || (place.counted && isDprintf(child));
    visit(check, child, inDprintf === inner.inDprintf ? inner : { ...inner, inDprintf });
  });
}

function placeIn(check: Check, node: Node, place: Place): Place {
  const info = check.functions.get(node);
  const generator = info?.mode === 'generator';
  return {
    ruled: place.ruled || (check.ruleSet !== 'off' && generator),
    counted: info !== undefined && info.mode !== 'off',
    generator: generator || (place.generator && node.type === 'ArrowFunctionExpression'),
    inDprintf: place.inDprintf,
  };
}

function checkAlways(check: Check, node: Node, place: Place): void {
  if (node.type === 'Identifier') {
    if (RESERVED.has(node.name) || NUMBERED.test(node.name))
      report(check, node, reservedName(node.name));
    if (place.generator && node.name === 'arguments' && check.references.has(node)) {
      report(check, node, ARGUMENTS);
    }
    const isUse = place.counted && node.name === DPRINTF && check.references.has(node);
    if (isUse && !place.inDprintf) report(check, node, DPRINTF_EXPRESSION);
  } else if (node.type === 'YieldExpression' && place.inDprintf) report(check, node, DPRINTF_YIELD);
}

function checkRuled(check: Check, node: Node): void {
  const found = syntaxRule(node);
  if (found) report(check, node, found);
  else if (node.type === 'MemberExpression') checkMember(check, node);
  else if (node.type === 'Identifier') checkName(check, node);
}

/** The rule that a node breaks by being there. */
function syntaxRule(node: Node): Rule | undefined {
  switch (node.type) {
    case 'AwaitExpression':
      return AWAIT;
    case 'ForOfStatement':
      return node.await ? AWAIT : undefined;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.async ? ASYNC : undefined;
    case 'ImportExpression':
      return DYNAMIC_IMPORT;
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = node.source?.value;
      return specifier !== undefined && isBuiltin(specifier) ? nodeModule(specifier) : undefined;
    }
  }
}

function isFree(check: Check, node: Node): boolean {
  const reference = check.references.get(node);
  return reference !== undefined && reference.binding === undefined;
}

function memberName(node: Extract<Node, { type: 'MemberExpression' }>): string | undefined {
  const property = node.property;
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' ? String(property.value) : undefined;
}

function checkMember(check: Check, node: Extract<Node, { type: 'MemberExpression' }>): void {
  const name = memberName(node);
  if (name === undefined) return;
  const onMethod = METHODS.get(name);
  if (onMethod) report(check, node.property, onMethod);
  if (node.object.type !== 'Identifier' || !isFree(check, node.object)) return;
  const onMath = node.object.name === 'Math' ? MATH.get(name) : undefined;
  if (onMath) report(check, node, onMath);
  const onGlobal = node.object.name === 'globalThis' ? GLOBALS.get(name) : undefined;
  if (onGlobal) report(check, node, onGlobal);
}

function checkName(check: Check, node: Extract<Node, { type: 'Identifier' }>): void {
  if (!isFree(check, node)) return;
  const rule = GLOBALS.get(node.name);
  if (rule) report(check, node, rule);
  else if (node.name === 'console') {
    report(check, node, check.ruleSet === 'kernel' ? CONSOLE_KERNEL : CONSOLE_PROGRAM);
  }
}

/**
 * Whether a module keeps state of its own, so that each world needs a fresh instance of it
 * (DESIGN.md, decision 5): otherwise a top-level `let` leaks from one schedule into the next.
 *
 * Conservative: a module is shared only if everything at its top level is a function, a class
 * without static fields, a type, an enum, an import, or a constant that cannot change.
 */

import { isFunction, isTypeOnly, type Node, type Program, unwrap } from './ast.ts';
import type { Reference } from './scope.ts';

type References = ReadonlyMap<Node, Reference>;
type Class = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;

export function isStateful(program: Program, references: References): boolean {
  return program.body.some((statement) => !isFixed(statement, references));
}

/** True for a top-level statement that leaves nothing behind that can change. */
function isFixed(node: Node, references: References): boolean {
  if (isTypeOnly(node)) return true;
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'FunctionDeclaration':
    case 'TSEnumDeclaration':
    case 'EmptyStatement':
      return true;
    case 'ExpressionStatement':
      return Boolean(node.directive);
    case 'ClassDeclaration':
      return isFixedClass(node);
    case 'ExportNamedDeclaration':
      return node.declaration === null || isFixed(node.declaration, references);
    case 'ExportDefaultDeclaration':
      return isFixed(node.declaration, references) || isConstant(node.declaration, references);
    case 'VariableDeclaration':
      if (node.kind !== 'const') return false;
      return node.declarations.every((one) => one.init && isConstant(one.init, references));
    default:
      return false;
  }
}

function isFixedClass(node: Class): boolean {
  return node.body.body.every((member) => {
    if (member.type === 'StaticBlock') return false;
    return member.type !== 'PropertyDefinition' || !member.static || member.declare;
  });
}

/** True for an expression whose value nobody can change. */
function isConstant(node: Node, references: References): boolean {
  if (node.type === 'TSAsExpression' && isConst(node)) {
    return isDeepConstant(node.expression, references);
  }
  const value = unwrap(node);
  if (isFunction(value)) return true;
  switch (value.type) {
    case 'Literal':
      return !('regex' in value && value.regex);
    case 'TemplateLiteral':
      return value.expressions.every((one) => isConstant(one, references));
    case 'UnaryExpression':
      return isConstant(value.argument, references);
    case 'BinaryExpression':
      return isConstant(value.left, references) && isConstant(value.right, references);
    case 'Identifier':
      return value.name === 'undefined' || isImported(value, references);
    case 'ClassExpression':
      return isFixedClass(value);
    case 'CallExpression':
      return isConstantCall(value, references);
    default:
      return false;
  }
}

/** `as const`: the type forbids changing it. */
function isConst(node: Extract<Node, { type: 'TSAsExpression' }>): boolean {
  const type = node.typeAnnotation;
  if (type.type !== 'TSTypeReference') return false;
  return type.typeName.type === 'Identifier' && type.typeName.name === 'const';
}

/** Records and lists of constants, when something else keeps them from changing. */
function isDeepConstant(node: Node, references: References): boolean {
  const value = unwrap(node);
  if (value.type === 'ArrayExpression') {
    return value.elements.every((one) => one !== null && isDeepConstant(one, references));
  }
  if (value.type === 'ObjectExpression') {
    return value.properties.every(
      (one) => one.type === 'Property' && !one.computed && isDeepConstant(one.value, references),
    );
  }
  return isConstant(value, references);
}

function isImported(node: Node, references: References): boolean {
  const binding = references.get(node)?.binding;
  return binding !== undefined && binding !== 'local';
}

/** `program(…)` and `component(…)` from rumpus, and Object.freeze() of constants. */
function isConstantCall(
  node: Extract<Node, { type: 'CallExpression' }>,
  references: References,
): boolean {
  const callee = node.callee;
  if (callee.type === 'Identifier') {
    const binding = references.get(callee)?.binding;
    if (binding === undefined || binding === 'local') return false;
    const ours = /^rumpus(\/|$)/.test(binding.specifier);
    return ours && (binding.imported === 'program' || binding.imported === 'component');
  }
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  const freezes = callee.property.type === 'Identifier' && callee.property.name === 'freeze';
  const [argument] = node.arguments;
  if (!freezes || callee.object.name !== 'Object' || argument === undefined) return false;
  return isDeepConstant(argument, references);
}

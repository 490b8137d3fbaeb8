/**
 * Names: which identifiers refer to what.
 *
 * Just enough of scope analysis to tell a free name (`Date`) and an imported one (`EINVAL`) from
 * a local that happens to be called the same. Modules only, so block functions are lexical.
 */

import { eachChild, isFunction, isTypeOnly, type Node, type Program } from './ast.ts';

export interface Import {
  readonly specifier: string;
  /** The exporter's name; `default` or `*` for those forms. */
  readonly imported: string;
}

/** An identifier that is evaluated, assigned or called. */
export interface Reference {
  readonly name: string;
  readonly node: Node;
  /** undefined: nobody in the module declares it. */
  readonly binding: Import | 'local' | undefined;
}

interface Scope {
  readonly names: Map<string, Import | 'local'>;
  readonly parent: Scope | null;
}

function declarePattern(pattern: Node, scope: Scope): void {
  if (pattern.type === 'Identifier') scope.names.set(pattern.name, 'local');
  else if (pattern.type === 'AssignmentPattern') declarePattern(pattern.left, scope);
  else if (pattern.type === 'RestElement') declarePattern(pattern.argument, scope);
  else if (pattern.type === 'TSParameterProperty') declarePattern(pattern.parameter, scope);
  else if (pattern.type === 'Property') declarePattern(pattern.value, scope);
  else if (pattern.type === 'ArrayPattern') {
    for (const element of pattern.elements) if (element) declarePattern(element, scope);
  } else if (pattern.type === 'ObjectPattern') {
    for (const property of pattern.properties) declarePattern(property, scope);
  }
}

/** What a statement declares in its own block; `var` is hoisted by `declareVars`. */
function declareStatement(statement: Node, scope: Scope): void {
  if (isTypeOnly(statement)) return;
  if (statement.type === 'VariableDeclaration') {
    for (const one of statement.declarations) declarePattern(one.id, scope);
  } else if (
    statement.type === 'FunctionDeclaration' ||
    statement.type === 'ClassDeclaration' ||
    statement.type === 'TSEnumDeclaration' ||
    statement.type === 'TSModuleDeclaration'
  ) {
    if (statement.id?.type === 'Identifier') scope.names.set(statement.id.name, 'local');
  } else if (
    (statement.type === 'ExportNamedDeclaration' ||
      statement.type === 'ExportDefaultDeclaration') &&
    statement.declaration
  ) {
    declareStatement(statement.declaration, scope);
  }
}

function declareVars(node: Node, scope: Scope): void {
  if (isFunction(node) || node.type === 'StaticBlock') return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') declareStatement(node, scope);
  eachChild(node, (child) => declareVars(child, scope));
}

function declareImports(program: Program, scope: Scope): void {
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') continue;
    for (const specifier of statement.specifiers) {
      let imported = specifier.type === 'ImportNamespaceSpecifier' ? '*' : 'default';
      if (specifier.type === 'ImportSpecifier') {
        const name = specifier.imported;
        imported = name.type === 'Identifier' ? name.name : name.value;
      }
      scope.names.set(specifier.local.name, { specifier: statement.source.value, imported });
    }
  }
}

function listOf(node: Node): readonly Node[] {
  if (node.type === 'SwitchStatement') return node.cases.flatMap((one) => one.consequent);
  if (node.type === 'ForStatement') return node.init ? [node.init] : [];
  if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') return [node.left];
  if (node.type === 'BlockStatement' || node.type === 'StaticBlock') return node.body;
  if (node.type === 'TSModuleBlock') return node.body;
  return [];
}

/** The scope that a node opens, or its surroundings'. */
function scopeOf(node: Node, parent: Scope): Scope {
  const scope: Scope = { names: new Map(), parent };
  if (isFunction(node)) {
    if (node.type === 'FunctionExpression' && node.id) declarePattern(node.id, scope);
    for (const param of node.params) declarePattern(param, scope);
    if (node.type !== 'ArrowFunctionExpression') scope.names.set('arguments', 'local');
    if (node.body) eachChild(node.body, (child) => declareVars(child, scope));
  } else if (node.type === 'ClassExpression') {
    if (node.id) declarePattern(node.id, scope);
  } else if (node.type === 'CatchClause') {
    if (node.param) declarePattern(node.param, scope);
  } else {
    for (const statement of listOf(node)) declareStatement(statement, scope);
    if (node.type === 'StaticBlock') eachChild(node, (child) => declareVars(child, scope));
  }
  return scope.names.size === 0 ? parent : scope;
}

function lookup(name: string, scope: Scope): Import | 'local' | undefined {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True where an Identifier node is a label, a key or a part of an import, and refers to nothing. */
function isName(parent: Node, field: string): boolean {
  if (field === 'label' || parent.type === 'MetaProperty') return true;
  if (parent.type === 'TSEnumMember') return field === 'id';
  if (parent.type.startsWith('Import') || parent.type === 'ExportSpecifier') return true;
  if (parent.type === 'ExportAllDeclaration') return true;
  if (field !== 'key' && field !== 'property') return false;
  return (parent as { computed?: boolean }).computed !== true;
}

/** Every reference of a module, in source order. */
export function findReferences(program: Program): Map<Node, Reference> {
  const references = new Map<Node, Reference>();
  const top: Scope = { names: new Map(), parent: null };
  declareImports(program, top);
  for (const statement of program.body) declareStatement(statement, top);
  eachChild(program, (child) => declareVars(child, top));
  const visit = (node: Node, scope: Scope): void => {
    const inner = scopeOf(node, scope);
    eachChild(node, (child, field) => {
      if (child.type !== 'Identifier') visit(child, inner);
      else if (!isName(node, field) || (node.type === 'ImportExpression' && field === 'source')) {
        const binding = lookup(child.name, inner);
        references.set(child, { name: child.name, node: child, binding });
      }
    });
  };
  visit(program, top);
  return references;
}

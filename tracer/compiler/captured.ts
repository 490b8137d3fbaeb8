/**
 * Captured variables: those that a function shares with functions inside of it, and that change.
 *
 *   let count = 0;                            count is one: two LWPs may run increment() at once
 *   function* increment() { count = count + 1; }
 *
 * Each activation of the block that declares one has a Scope record (kernel/accesses.ts) that stands
 * for it. A variable of which all mentions are in one function, or that nobody assigns after its
 * declaration, is nobody else's business.
 *
 * Limits   Not followed: variables in the head of a loop (each turn has its own), in a switch, in a
 *          catch's parameter; parameters that a default value's function mentions; imported ones;
 *          what only a pattern assigns.
 */

import { eachChild, isFunction, isTypeOnly, type Node, type Program } from './ast.ts';

/** Where and how a captured variable is mentioned. */
export interface CapturedUse {
  /** The name of the record that stands for its activation: `$e3`. */
  readonly scope: string;
  readonly name: string;
  /** `{ v }`: has to be written out. */
  readonly shorthand: boolean;
}

export interface Captured {
  readonly uses: ReadonlyMap<Node, CapturedUse>;
  /** The blocks (programs, function bodies, blocks) that need a record, and its name. */
  readonly scopes: ReadonlyMap<Node, string>;
}

/** A declared variable, while the module is walked. */
interface Variable {
  /** The block that declares it; null when it is not followed. */
  readonly home: Node | null;
  /** The function around its declaration; null at the top level. */
  readonly owner: Node | null;
  readonly name: string;
  readonly uses: { readonly node: Node; readonly shorthand: boolean }[];
  shared: boolean;
  assigned: boolean;
  /** Mentioned where its record cannot be seen. */
  lost: boolean;
}

interface Scope {
  readonly names: Map<string, Variable>;
  readonly parent: Scope | null;
}

/** Where the walk is. */
interface Place {
  readonly scope: Scope;
  readonly owner: Node | null;
  /** The functions of whose parameter lists this is a part. */
  readonly inParamsOf: Node | null;
}

class Walk {
  readonly variables: Variable[] = [];

  declare(pattern: Node, scope: Scope, home: Node | null, owner: Node | null): void {
    if (pattern.type === 'Identifier') {
      const { name } = pattern;
      const variable: Variable = {
        ...{ home, owner, name, uses: [] },
        ...{ shared: false, assigned: false, lost: false },
      };
      scope.names.set(name, variable);
      this.variables.push(variable);
    } else if (pattern.type === 'AssignmentPattern') this.declare(pattern.left, scope, home, owner);
    else if (pattern.type === 'RestElement') this.declare(pattern.argument, scope, home, owner);
    else if (pattern.type === 'TSParameterProperty') {
      this.declare(pattern.parameter, scope, home, owner);
    } else if (pattern.type === 'Property') this.declare(pattern.value, scope, home, owner);
    else if (pattern.type === 'ArrayPattern') {
      for (const element of pattern.elements) {
        if (element) this.declare(element, scope, home, owner);
      }
    } else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) this.declare(property, scope, home, owner);
    }
  }

  /** What the statements of a block declare; functions and classes hide others of their name. */
  block(list: readonly Node[], scope: Scope, home: Node | null, owner: Node | null): void {
    for (const one of list) {
      if (isTypeOnly(one)) continue;
      const exported =
        one.type === 'ExportNamedDeclaration' || one.type === 'ExportDefaultDeclaration';
      const statement = exported ? one.declaration : one;
      if (!statement || isTypeOnly(statement)) continue;
      if (statement.type === 'VariableDeclaration') {
        const followed = statement.kind === 'let' || statement.kind === 'var';
        for (const { id } of statement.declarations) {
          this.declare(id, scope, followed ? home : null, owner);
        }
      } else if (
        statement.type === 'FunctionDeclaration' ||
        statement.type === 'ClassDeclaration' ||
        statement.type === 'TSEnumDeclaration'
      ) {
        if (statement.id?.type === 'Identifier') this.declare(statement.id, scope, null, owner);
      } else if (statement.type === 'ImportDeclaration') {
        for (const { local } of statement.specifiers) this.declare(local, scope, null, owner);
      }
    }
  }

  /** `var` in nested blocks belongs to the function. */
  vars(node: Node, scope: Scope, home: Node, owner: Node | null): void {
    if (isFunction(node) || node.type === 'StaticBlock') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const { id } of node.declarations) {
        if (id.type !== 'Identifier' || !scope.names.has(id.name)) {
          this.declare(id, scope, home, owner);
        }
      }
    }
    eachChild(node, (child) => this.vars(child, scope, home, owner));
  }

  visit(node: Node, place: Place): void {
    const inner = this.#enter(node, place);
    eachChild(node, (child, field) => {
      const params = isFunction(node) && field === 'params';
      const at = params ? { ...inner, inParamsOf: node } : inner;
      if (isTarget(node, field)) this.#target(child, at, declaresIn(node));
      else if (child.type !== 'Identifier') this.visit(child, at);
      else if (!isName(node, field)) this.#mention(child, node, field, inner);
    });
  }

  /** What is declared or assigned: a name, or a pattern of names. */
  #target(node: Node, place: Place, declares: boolean): void {
    if (node.type === 'Identifier') {
      if (!declares) this.#lose(node.name, place);
    } else if (PATTERNS.has(node.type)) {
      eachChild(node, (child, field) => {
        const key = node.type === 'Property' && field === 'key';
        const value = node.type === 'AssignmentPattern' && field === 'right';
        if (!key && !value) this.#target(child, place, declares);
        else if (child.type !== 'Identifier') this.visit(child, place);
        else if (value || (node as { computed?: boolean }).computed) {
          this.#mention(child, node, field, place);
        }
      });
    } else this.visit(node, place);
  }

  #find(name: string, place: Place): Variable | undefined {
    for (let at: Scope | null = place.scope; at; at = at.parent) {
      const variable = at.names.get(name);
      if (variable !== undefined) return variable;
    }
    return undefined;
  }

  #lose(name: string, place: Place): void {
    const variable = this.#find(name, place);
    if (variable !== undefined) variable.lost = true;
  }

  #mention(node: Node & { name: string }, parent: Node, field: string, place: Place): void {
    const variable = this.#find(node.name, place);
    if (variable === undefined) return;
    variable.uses.push({ node, shorthand: parent.type === 'Property' && parent.shorthand });
    if (place.owner !== variable.owner) variable.shared = true;
    if (assigns(parent, field)) variable.assigned = true;
    if (place.inParamsOf !== null) variable.lost = true;
  }

  #enter(node: Node, place: Place): Place {
    if (isFunction(node)) {
      const scope: Scope = { names: new Map(), parent: place.scope };
      if (node.type === 'FunctionExpression' && node.id) this.declare(node.id, scope, null, node);
      const home = node.body?.type === 'BlockStatement' ? node.body : null;
      for (const param of node.params) this.declare(param, scope, home, node);
      if (home !== null) {
        this.block(home.body, scope, home, node);
        for (const child of home.body) this.vars(child, scope, home, node);
      }
      return { scope, owner: node, inParamsOf: null };
    }
    if (node.type === 'BlockStatement') {
      // A function's own block was declared with its parameters.
      if (this.#isBody(node, place)) return place;
      const list = node.body.filter((one) => !isVar(one));
      const scope: Scope = { names: new Map(), parent: place.scope };
      this.block(list, scope, node, place.owner);
      return scope.names.size === 0 ? place : { ...place, scope };
    }
    const scope: Scope = { names: new Map(), parent: place.scope };
    if (node.type === 'SwitchStatement') {
      const list = node.cases.flatMap((one) => one.consequent);
      this.block(list, scope, null, place.owner);
    }
    const heads = headsOf(node);
    for (const head of heads) {
      if (head.type === 'VariableDeclaration') {
        if (head.kind === 'var') continue;
        for (const { id } of head.declarations) this.declare(id, scope, null, place.owner);
      } else this.declare(head, scope, null, place.owner);
    }
    return scope.names.size === 0 ? place : { ...place, scope };
  }

  #isBody(node: Node, place: Place): boolean {
    const { owner } = place;
    return owner !== null && isFunction(owner) && owner.body === node;
  }
}

function isVar(node: Node): boolean {
  return node.type === 'VariableDeclaration' && node.kind === 'var';
}

/** Declarations of a statement that are not in a block. */
function headsOf(node: Node): Node[] {
  if (node.type === 'ForStatement') return node.init ? [node.init] : [];
  if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') return [node.left];
  if (node.type === 'CatchClause') return node.param ? [node.param] : [];
  return node.type === 'ClassExpression' && node.id ? [node.id] : [];
}

/** True where an Identifier is a label, a key or a part of an import, and refers to nothing. */
function isName(parent: Node, field: string): boolean {
  if (field === 'label' || parent.type === 'MetaProperty') return true;
  if (parent.type === 'TSEnumMember') return field === 'id';
  if (parent.type.startsWith('Import') || parent.type.startsWith('Export')) {
    return parent.type !== 'ExportDefaultDeclaration';
  }
  if (field !== 'key' && field !== 'property') return false;
  return (parent as { computed?: boolean }).computed !== true;
}

const ASSIGNMENT = 'AssignmentExpression';
const PATTERNS = new Set([
  'ObjectPattern',
  'ArrayPattern',
  'Property',
  'AssignmentPattern',
  'RestElement',
]);

function declaresIn(parent: Node): boolean {
  return !/^(Assignment|ForOf|ForIn)/.test(parent.type);
}

/** Whether a child is what is declared or assigned, in a form that is no plain assignment. */
function isTarget(parent: Node, field: string): boolean {
  switch (parent.type) {
    case 'VariableDeclarator':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return field === 'id';
    case 'CatchClause':
      return field === 'param';
    case 'ForOfStatement':
    case 'ForInStatement':
      return field === 'left' && parent.left.type !== 'VariableDeclaration';
    case ASSIGNMENT:
      return field === 'left' && PATTERNS.has(parent.left.type);
    default:
      return isFunction(parent) && (field === 'id' || field === 'params');
  }
}

function assigns(parent: Node, field: string): boolean {
  return parent.type === 'UpdateExpression' || (parent.type === ASSIGNMENT && field === 'left');
}

/** The captured variables of a module. */
export function findCaptured(program: Program): Captured {
  const walk = new Walk();
  const top: Scope = { names: new Map(), parent: null };
  walk.block(program.body, top, program, null);
  for (const statement of program.body) walk.vars(statement, top, program, null);
  for (const statement of program.body) {
    walk.visit(statement, { scope: top, owner: null, inParamsOf: null });
  }
  const uses = new Map<Node, CapturedUse>();
  const scopes = new Map<Node, string>();
  for (const { home, name, shared, assigned, lost, uses: nodes } of walk.variables) {
    if (home === null || !shared || !assigned || lost) continue;
    let scope = scopes.get(home);
    if (scope === undefined) {
      scope = `$e${scopes.size}`;
      scopes.set(home, scope);
    }
    for (const { node, shorthand } of nodes) uses.set(node, { scope, name, shorthand });
  }
  return { uses, scopes };
}

/** Of an image in which accesses are not told. */
export const NOTHING_CAPTURED: Captured = { uses: new Map(), scopes: new Map() };

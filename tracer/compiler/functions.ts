/**
 * The functions of a module, in source order: their names, kinds, and what their bodies hold.
 *
 * Names are what a backtrace prints: a function's own, `Class.method`, `vnodeops.lookup` for an
 * entry of a record, `outer.<anonymous>` for the rest.
 */

import { eachChild, type Fn, isDprintf, isFunction, type Node, type Program } from './ast.ts';

/** How a function is instrumented; `off` ones are left as they are. */
export type Mode = 'plain' | 'generator' | 'off';

export interface FunctionInfo {
  readonly node: Fn;
  /** Its place in the module's tables; -1 when it is `off`. */
  readonly index: number;
  readonly name: string;
  /** Offset of its name, or of its first character when it has none. */
  readonly nameAt: number;
  readonly mode: Mode;
  hasTry: boolean;
  hasYieldStar: boolean;
  /** Temporaries that inserted code uses: $1, $2… */
  temporaries: number;
}

interface Named {
  readonly name: string;
  readonly at: number;
}

interface Walk {
  readonly functions: Map<Node, FunctionInfo>;
  next: number;
  readonly onlyGenerators: boolean;
}

/** What surrounds a node while the functions are listed. */
interface Around {
  /** The innermost function, or the class or record whose members are being listed. */
  readonly prefix: string;
  readonly info: FunctionInfo | null;
  /** Inside a generator (for `onlyGenerators`). */
  readonly inGenerator: boolean;
}

function keyName(key: Node): string {
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal') return String(key.value);
  return '<computed>';
}

/** The name that its place gives to an anonymous function or class. */
function placeName(parent: Node, field: string, prefix: string): Named | undefined {
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier' && field === 'init') {
    return { name: parent.id.name, at: parent.id.start };
  }
  if (parent.type === 'AssignmentExpression' && field === 'right') {
    const left = parent.left;
    if (left.type === 'Identifier') return { name: left.name, at: left.start };
    if (left.type === 'MemberExpression' && !left.computed) {
      return { name: keyName(left.property), at: left.property.start };
    }
  }
  const member =
    parent.type === 'MethodDefinition' ||
    parent.type === 'PropertyDefinition' ||
    parent.type === 'Property';
  if (!member || field !== 'value') return undefined;
  const dot = prefix === '' ? '' : `${prefix}.`;
  return { name: dot + keyName(parent.key), at: parent.key.start };
}

function nameOf(node: Fn, parent: Node, field: string, prefix: string): Named {
  if (node.id) return { name: node.id.name, at: node.id.start };
  const dot = prefix === '' ? '' : `${prefix}.`;
  return placeName(parent, field, prefix) ?? { name: `${dot}<anonymous>`, at: node.start };
}

function modeOf(node: Fn, walk: Walk, around: Around): Mode {
  if (node.async) return 'off';
  if (node.generator) return 'generator';
  return walk.onlyGenerators && !around.inGenerator ? 'off' : 'plain';
}

function addFunction(node: Fn, parent: Node, field: string, around: Around, walk: Walk): Around {
  const named = nameOf(node, parent, field, around.prefix);
  const mode = modeOf(node, walk, around);
  const info: FunctionInfo = {
    node,
    index: mode === 'off' ? -1 : walk.next++,
    name: named.name,
    nameAt: named.at,
    mode,
    hasTry: false,
    hasYieldStar: false,
    temporaries: 0,
  };
  walk.functions.set(node, info);
  return { prefix: named.name, info, inGenerator: around.inGenerator || mode === 'generator' };
}

/** Class bodies and records lend their name to their members. */
function enter(node: Node, parent: Node, field: string, around: Around): Around {
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    const name = node.id?.name ?? placeName(parent, field, '')?.name ?? '<class>';
    return { ...around, prefix: name };
  }
  if (node.type === 'ObjectExpression') {
    const name = placeName(parent, field, around.prefix)?.name;
    return name === undefined ? around : { ...around, prefix: name };
  }
  return around;
}

/** The functions of a module by node, in source order (which is the order of their index). */
export function listFunctions(
  program: Program,
  options: { onlyGenerators: boolean },
): Map<Node, FunctionInfo> {
  const walk: Walk = { functions: new Map(), next: 0, onlyGenerators: options.onlyGenerators };
  const visit = (node: Node, around: Around): void => {
    if (around.info && node.type === 'TryStatement') around.info.hasTry = true;
    if (around.info && node.type === 'YieldExpression' && node.delegate) {
      around.info.hasYieldStar = true;
    }
    eachChild(node, (child, field) => {
      // Functions in a dprintf's arguments are not instrumented: it leaves no trace.
      if (isDprintf(child)) return;
      const inner = isFunction(child)
        ? addFunction(child, node, field, around, walk)
        : enter(child, node, field, around);
      visit(child, inner);
    });
  };
  visit(program, { prefix: '', info: null, inGenerator: false });
  return walk.functions;
}

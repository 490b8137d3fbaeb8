/**
 * Compiles generated JavaScript so that it tells of every access to members of some names, and to
 * elements if that is wanted. What the text does, counts and throws stays the same.
 *
 *   O.f                               $Aa(O, N).f
 *   O.f++   O.f += v   delete O.f     $Aa(O, N).f++
 *   O.f = v                           O.f = $Av(O, N, v), ($Ao1 = O).f = $Av($Ao1, N, v)
 *   O.f = call()                      $Ap(O, "f", $Ai(), N, call())    told when the write comes
 *   O[e]                              O[$Ak(O, N, e)], ($Ao1 = O)[$Ak($Ao1, N, e)], $Ag(O, N, e)
 *   O.get(k)                          O.get($Ak(O, N, k)), $Am(O, "get", $Ai(), N, …)
 *   { f: v }   const { f } = O        $Aa({ f: v }, N), const { f } = $Aa(O, N)
 *   class { f = v }                   f = $Ad(this, N, v)
 *   a?.b.f                            $Aa($Az(($Ao1 = a)?.b, $Ao1, "f"), N)?.f
 *
 * N is the tap (taps.ts). Lines stay; columns move by the shifts (edits.ts).
 *
 * Differs  Not told: what a pattern reads in a parameter, in a loop's head or inside of another
 *          pattern; spreads, iteration, and what built-in functions do with an object; `super.f`
 *          and `#f`.
 */

import { eachChild, type Node } from '../ast.ts';
import { loadOxc } from '../lazy.ts';
import { kernelModule } from '../modules.ts';
import { type FlagsAt, type Of, Patch, type Watchable } from './context.ts';
import type { Edited } from './edits.ts';
import { callOfMethod } from './elements.ts';
import { fieldOfClass, literal, takenApart } from './makes.ts';
import { member } from './members.ts';
import { READ, UNCOUNTED, WRITE } from './taps.ts';
import { assignment } from './writes.ts';

/** A generated text; it is strict code. */
export interface Generated {
  readonly code: string;
  /** `kernel`: of the package, of which kernel modules are patched; `program`: all of it. */
  readonly of: 'kernel' | 'program';
}

/** Patches a text. Errors: it cannot be parsed. */
export function patchAccesses({ code, of }: Generated, watchable: Watchable): Edited {
  const sourceType = of === 'kernel' ? 'module' : 'script';
  const { program, errors } = loadOxc().parseSync('generated.js', code, { sourceType, lang: 'js' });
  if (errors.length > 0) throw new Error(`a generated text cannot be read: ${errors[0].message}`);
  const patch = new Patch(code, watchable, of === 'kernel' ? kernelFlags(code) : () => 0);
  visit(patch, program);
  const first = program.body.find((one) => !('directive' in one && one.directive));
  return patch.end(first?.start ?? code.length);
}

/** Kernel code is told of; that of the world besides, but its accesses are not counted. */
function kernelFlags(code: string): FlagsAt {
  const regions = [...code.matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)].map((match) => ({
    from: match.index,
    flags: regionFlags(match[1]),
  }));
  return (position) => {
    let low = 0;
    let high = regions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (regions[middle].from <= position) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : regions[low - 1].flags;
  };
}

function regionFlags(path: string): number | undefined {
  if (kernelModule(path) !== undefined) return 0;
  return path.startsWith('kernel/world/') ? UNCOUNTED : undefined;
}

function visit(patch: Patch, node: Node): void {
  (HANDLERS[node.type] as ((patch: Patch, node: Node) => void) | undefined)?.(patch, node);
  eachChild(node, (child) => visit(patch, child));
}

type Handlers = { readonly [Type in Node['type']]?: (patch: Patch, node: Of<Type>) => void };

const HANDLERS: Handlers = {
  MemberExpression: member,
  AssignmentExpression(patch, node) {
    if (node.left.type === 'ObjectPattern') takenApart(patch, node.left, node.right);
    assignment(patch, node);
  },
  VariableDeclarator(patch, { id, init }) {
    if (id.type === 'ObjectPattern' && init !== null) takenApart(patch, id, init);
  },
  UpdateExpression: (patch, { argument }) => role(patch, argument, READ | WRITE),
  UnaryExpression(patch, { operator, argument }) {
    if (operator !== 'delete') return;
    role(patch, argument.type === 'ChainExpression' ? argument.expression : argument, WRITE);
  },
  ForInStatement: (patch, { left }) => role(patch, left, WRITE),
  ForOfStatement: (patch, { left }) => role(patch, left, WRITE),
  ArrayPattern(patch, { elements }) {
    for (const element of elements) if (element !== null) role(patch, element, WRITE);
  },
  ObjectPattern(patch, { properties }) {
    for (const one of properties) if (one.type === 'Property') role(patch, one.value, WRITE);
  },
  AssignmentPattern: (patch, { left }) => role(patch, left, WRITE),
  RestElement: (patch, { argument }) => role(patch, argument, WRITE),
  NewExpression(patch, { callee }) {
    if (callee.type === 'MemberExpression') patch.made.add(callee);
  },
  TaggedTemplateExpression: (patch, { tag }) => role(patch, tag, READ),
  CallExpression: callOfMethod,
  ObjectExpression: literal,
  PropertyDefinition: fieldOfClass,
};

/** Says what is done to a member: it is not merely read, or its object is needed. */
function role(patch: Patch, node: Node, kind: number): void {
  if (node.type === 'MemberExpression') patch.roles.set(node, kind);
}

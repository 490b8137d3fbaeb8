/** What is called: methods of collections, atomic operations, constructors. */

import { isFunction, type Node } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';
import { give, hook, nameOf, type Of, parts, site, tellable, yields } from './place.ts';

type Call = Of<'CallExpression'>;

/** Methods of arrays, typed arrays, maps and sets that read or write elements. */
const METHODS = new Set([
  ...['get', 'has', 'set', 'add', 'delete', 'clear', 'at', 'push', 'pop', 'shift', 'unshift'],
  ...['splice', 'sort', 'reverse', 'fill', 'copyWithin', 'slice', 'concat', 'join', 'includes'],
  ...['indexOf', 'lastIndexOf', 'find', 'findIndex', 'findLast', 'findLastIndex', 'filter', 'map'],
  ...['forEach', 'some', 'every', 'reduce', 'reduceRight', 'keys', 'values', 'entries', 'flat'],
  ...['flatMap', 'toSorted', 'toReversed', 'toSpliced', 'with'],
]);

/** What is called: its object is a value, but that it has the method is not told. */
export function callee(emitter: Emitter, node: Node, context: Context): void {
  if (node.type === 'MemberExpression') parts(emitter, node, context);
  else if (node.type === 'ParenthesizedExpression') callee(emitter, node.expression, context);
  else if (node.type === 'TSNonNullExpression') callee(emitter, node.expression, context);
  else visit(emitter, node, context);
}

/** `new C(…)`. */
export function construction(
  emitter: Emitter,
  node: Of<'NewExpression'>,
  context: Context,
): boolean {
  callee(emitter, node.callee, context);
  for (const argument of node.arguments) visit(emitter, argument, context);
  return true;
}

/** `O.get(k)`: the collection's element. `atomic_*(a, …)`: the schedule is asked about `a`. */
export function call(emitter: Emitter, node: Call, context: Context): boolean {
  if (atomic(emitter, node, context)) return true;
  const { callee: called } = node;
  const [first] = node.arguments;
  const last = node.arguments.at(-1);
  const isMethod =
    called.type === 'MemberExpression' &&
    !called.computed &&
    called.property.type === 'Identifier' &&
    METHODS.has(called.property.name) &&
    !called.optional &&
    !node.optional &&
    tellable(emitter, called, context) &&
    !node.arguments.some((one) => one.type === 'SpreadElement');
  if (!isMethod || called.type !== 'MemberExpression') {
    callee(emitter, called, context);
    for (const argument of node.arguments) visit(emitter, argument, context);
    return true;
  }
  const o = emitter.temporary(context);
  const { object, property } = called;
  const at = site(emitter, property, 'r', nameOf(called), context);
  if (first === undefined || last === undefined) {
    emitter.open(object.start, `(${hook(context, 'call')}(${o}=`);
    emitter.close(object.end, `,void 0,${at})${give(context)},${o})`);
  } else {
    emitter.open(object.start, `(${o}=`);
    emitter.close(object.end, ')');
    lastArgument(emitter, [first, last], `${hook(context, 'call')}(${o},`, at, context);
  }
  visit(emitter, object, context);
  for (const argument of node.arguments) visit(emitter, argument, context);
  return true;
}

/** Tells behind the last argument, with the first as the key. */
function lastArgument(
  emitter: Emitter,
  [first, last]: readonly [Node, Node],
  told: string,
  at: string,
  context: Context,
): void {
  if (first === last && isFunction(first)) {
    // A function is no key, and keeps its name.
    emitter.open(first.start, `(${told}void 0,${at})${give(context)},`);
    emitter.close(first.end, ')');
    return;
  }
  const k = emitter.temporary(context);
  if (first === last) {
    emitter.open(first.start, `(${k}=`);
    emitter.close(first.end, `,${told}${k},${at})${give(context)},${k})`);
    return;
  }
  emitter.open(first.start, `${k}=`);
  const v = emitter.temporary(context);
  emitter.open(last.start, `(${v}=`);
  emitter.close(last.end, `,${told}${k},${at})${give(context)},${v})`);
}

/** An atomic operation in a generator: a scheduling point, once its object is known. */
function atomic(emitter: Emitter, node: Call, context: Context): boolean {
  const { callee: called } = node;
  const [first] = node.arguments;
  const isAtomic = called.type === 'Identifier' && called.name.startsWith('atomic_');
  if (!isAtomic || !yields(context) || node.optional || first === undefined) return false;
  const a = emitter.temporary(context);
  if (first.type === 'SpreadElement' || a === undefined) return false;
  const point = emitter.site(node.start, 'a', context.info);
  const ask = `++$h.points===$h.pointStop&&$h.askPoint(${point},4,${a})&&(yield)`;
  emitter.open(first.start, `(${a}=`);
  emitter.close(first.end, `,${ask},${a})`);
  for (const argument of node.arguments) visit(emitter, argument, context);
  return true;
}

/** What is called: methods of collections, atomic operations, constructors. */

import { isFunction, type Node } from '../../ast.ts';
import type { Context, Emitter } from '../emitter.ts';
import { visit } from '../visit.ts';
import {
  afterLink,
  give,
  hook,
  isPrivate,
  type Member,
  nameOf,
  type Of,
  parts,
  site,
  tellable,
  yields,
} from './place.ts';

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
  const isMethod = isCollectionCall(node);
  if (isMethod && called.type === 'MemberExpression' && !tellable(emitter, called, context)) {
    linkedCall(emitter, node, called, context);
    for (const argument of node.arguments) visit(emitter, argument, context);
    return true;
  }
  if (!isMethod || called.type !== 'MemberExpression') {
    if (yields(context)) step(emitter, node, context);
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

/** Whether a call may be of a method of a collection, in a form that can be told. */
function isCollectionCall({ callee: called, optional, arguments: list }: Call): boolean {
  return (
    called.type === 'MemberExpression' &&
    !called.computed &&
    called.property.type === 'Identifier' &&
    METHODS.has(called.property.name) &&
    !called.optional &&
    !optional &&
    !list.some((one) => one.type === 'SpreadElement')
  );
}

/** `A?.f.get(k)`, or a method of what cannot be told. */
function linkedCall(emitter: Emitter, node: Call, called: Member, context: Context): void {
  const [first] = node.arguments;
  const last = node.arguments.at(-1);
  const at = site(emitter, called.property, 'r', nameOf(called), context);
  let object = '';
  const told = (o: string): string => {
    object = o;
    if (last !== undefined) return '';
    return `,${hook(context, 'call')}(${o},void 0,${at})${give(context)},${o}`;
  };
  if (isPrivate(emitter, called.object) || !afterLink(emitter, called, context, told)) {
    parts(emitter, called, context);
    return;
  }
  if (first !== undefined && last !== undefined) {
    lastArgument(emitter, [first, last], `${hook(context, 'call')}(${object},`, at, context);
  }
  visit(emitter, called.object, context);
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

/**
 * A call in a generator of a function that does in one step whatever it does: others may come before
 * it. What a program's own generators do has points of its own; so have the kernel's locks.
 */
function step(emitter: Emitter, node: Call, context: Context): void {
  const { callee: called } = node;
  if (called.type === 'Identifier') {
    if (!mayDoSomething(emitter, called, emitter.delegates.has(node))) return;
    const told = `$x.step(${site(emitter, called, 'r', called.name, context)})${give(context)}`;
    beforeCall(emitter, node, called, told, context);
    return;
  }
  if (called.type !== 'MemberExpression' || called.optional || node.optional) return;
  if (!tellable(emitter, called, context)) return;
  const o = emitter.temporary(context);
  const at = site(emitter, called.property, 'r', nameOf(called), context);
  if (node.arguments.length === 0) {
    emitter.open(called.object.start, `($x.method(${o}=`);
    emitter.close(called.object.end, `,${at})${give(context)},${o})`);
    return;
  }
  emitter.open(called.object.start, `(${o}=`);
  emitter.close(called.object.end, ')');
  beforeCall(emitter, node, called, `$x.method(${o},${at})${give(context)}`, context);
}

/** Puts something behind the evaluation of all arguments. */
function beforeCall(e: Emitter, node: Call, called: Node, told: string, context: Context): void {
  const argument = node.arguments.at(-1);
  const last = argument?.type === 'SpreadElement' ? argument.argument : argument;
  if (last === undefined) {
    e.open(called.start, `(${told},`);
    e.close(called.end, ')');
  } else if (isFunction(last) || last.type === 'ClassExpression' || last.type === 'Literal') {
    e.open(last.start, `(${told},`);
    e.close(last.end, ')');
  } else {
    const v = e.temporary(context);
    e.open(last.start, `(${v}=`);
    e.close(last.end, `,${told},${v})`);
  }
}

/** Functions of rumpus that have a point of their own, or do nothing that others could see. */
const QUIET = new RegExp(
  `^(${[
    'KASSERT|panic|printf|done|handOn|takeDone|fails|program|component|data_race|invariant',
    'curlwp|curcpu|curproc|curkernel|curworld|is[A-Z]\\w*|ASSERT_\\w+|atomic_\\w+|membar_\\w+',
    'mutex_(enter|exit|spin_\\w+|owned|obj_alloc|init|destroy)',
    'rw_(enter|exit|obj_alloc|init|destroy|\\w*held)',
    'cv_(init|destroy|wait\\w*|timedwait\\w*|has_waiters)',
    'pthread_mutex_(init|destroy|lock|timedlock|unlock)',
    'pthread_rwlock_(init|destroy|rdlock|wrlock|timed\\w+|unlock)',
    'pthread_cond_(init|destroy|wait|timedwait)|pthread_barrier_\\w+',
    'pthread_(create|join|self|exit|detach)|sem_(init|destroy|wait|timedwait|getvalue)',
    'lwp_\\w+|kthread_\\w+|kpause|preempt|mi_switch|linearizable|lin_\\w+',
  ].join('|')})$`,
);

function mayDoSomething(emitter: Emitter, called: Node, delegated: boolean): boolean {
  const binding = emitter.references.get(called)?.binding;
  if (binding === undefined) return false;
  if (binding === 'local' || !/^rumpus(\/|$)/.test(binding.specifier)) return !delegated;
  return !QUIET.test(binding.imported);
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

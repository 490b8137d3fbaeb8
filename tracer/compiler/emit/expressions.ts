/** Calls that may sleep, atomic operations, errno constants. */

import { calleeName, eachChild, type Node } from '../ast.ts';
import type { Context, Emitter } from './emitter.ts';
import { visit } from './visit.ts';

/** The modules that preempt() and mi_switch() are imported from, and the one that has them. */
const SWITCH_MODULE = /^rumpus$|(^|\/)kernel\/(kern\/)?index\.ts$|(^|\/)kern_sleepq\.ts$/;

type Yield = Extract<Node, { type: 'YieldExpression' }>;
type Call = Extract<Node, { type: 'CallExpression' }>;

/**
 * `yield* preempt()` and `yield* mi_switch()` give up the CPU and do nothing else, so a `yield`
 * stands in their place: a switch needs no generator to be made, started and finished.
 */
function visitSwitch(emitter: Emitter, node: Yield, name: string, context: Context): void {
  const site = emitter.site(node.start, 'a', context.info);
  const code =
    name === 'preempt'
      ? `(++$h.points===$h.pointStop&&$h.askPoint(${site})?(yield):void 0)`
      : `($h.at=${site},(yield),void 0)`;
  emitter.replace(node.start, node.end, code);
}

/** The name of the switch that an expression calls; undefined for all other expressions. */
function switchName(emitter: Emitter, node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.arguments.length > 0) return undefined;
  const reference = emitter.references.get(node.callee);
  const binding = reference?.binding;
  if (reference === undefined || binding === undefined) return undefined;
  const own = binding === 'local';
  const name = own ? reference.name : binding.imported;
  if (name !== 'preempt' && name !== 'mi_switch') return undefined;
  return SWITCH_MODULE.test(own ? emitter.source.path : binding.specifier) ? name : undefined;
}

/** `yield* E`: E's value, or the value that E's generator returns, with its frame pushed. */
export function visitYield(emitter: Emitter, node: Yield, context: Context): void {
  if (context.mode === 'generator' && node.delegate && node.argument) {
    const name = switchName(emitter, node.argument);
    if (name !== undefined) {
      visitSwitch(emitter, node, name, context);
      return;
    }
    const site = emitter.site(node.start, 'c', context.info);
    emitter.replace(node.start, node.argument.start, '(($t=');
    emitter.close(node.end, `)===$D?$h.take():$h.ret(yield* $h.call($t,${site})))`);
  }
  if (node.delegate && node.argument) emitter.delegates.add(node.argument);
  if (node.argument) visit(emitter, node.argument, context);
}

/** `atomic_*(…)` in a generator: a scheduling point, before its arguments are evaluated. */
export function visitCall(emitter: Emitter, node: Call, context: Context): void {
  const canYield = context.mode === 'generator' && !context.inParams;
  if (canYield && !node.optional && calleeName(node)?.startsWith('atomic_')) {
    const site = emitter.site(node.start, 'a', context.info);
    const ask = `++$h.points===$h.pointStop&&$h.askPoint(${site},4)&&(yield)`;
    emitter.open(node.start, `(${ask},`);
    emitter.close(node.end, ')');
  }
  eachChild(node, (child) => visit(emitter, child, context));
}

/** An errno constant that is evaluated other than to look at it (errno.ts says which). */
export function visitErrno(emitter: Emitter, node: Node, context: Context): void {
  const use = emitter.errnos.get(node);
  if (use === undefined || context.mode === 'off') return;
  const site = emitter.site(node.start, 'e', context.info);
  emitter.open(node.start, use.shorthand ? `${use.name}:$h.e(` : '$h.e(');
  emitter.close(node.end, `,${site})`);
}

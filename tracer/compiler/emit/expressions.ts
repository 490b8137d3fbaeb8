/** Calls that may sleep, atomic operations, errno constants. */

import { calleeName, eachChild, type Node } from '../ast.ts';
import type { Context, Emitter } from './emitter.ts';
import { visit } from './visit.ts';

/** The modules that preempt() is imported from. */
const PREEMPT_MODULE = /^rumpus$|(^|\/)kernel\/(kern\/)?index\.ts$|(^|\/)kern_sleepq\.ts$/;

type Yield = Extract<Node, { type: 'YieldExpression' }>;
type Call = Extract<Node, { type: 'CallExpression' }>;

/**
 * `yield* preempt()` is a scheduling point and nothing else, so the point stands in its place: a
 * switch there needs no generator to be made, started and finished.
 */
function visitPreempt(emitter: Emitter, node: Yield, context: Context): void {
  const site = emitter.site(node.start, 'a', context.info);
  const ask = `++$h.points===$h.pointStop&&$h.askPoint(${site})?(yield):void 0`;
  emitter.replace(node.start, node.end, `(${ask})`);
}

function isPreempt(emitter: Emitter, node: Node | null): boolean {
  if (node?.type !== 'CallExpression' || node.arguments.length > 0) return false;
  const binding = emitter.references.get(node.callee)?.binding;
  if (binding === undefined || binding === 'local' || binding.imported !== 'preempt') return false;
  return PREEMPT_MODULE.test(binding.specifier);
}

/** `yield* E`: E's value, or the value that E's generator returns, with its frame pushed. */
export function visitYield(emitter: Emitter, node: Yield, context: Context): void {
  if (context.mode === 'generator' && node.delegate && node.argument) {
    if (isPreempt(emitter, node.argument)) {
      visitPreempt(emitter, node, context);
      return;
    }
    const site = emitter.site(node.start, 'c', context.info);
    emitter.replace(node.start, node.argument.start, '(($t=');
    emitter.close(node.end, `)===$D?$h.take():$h.ret(yield* $h.call($t,${site})))`);
  }
  if (node.argument) visit(emitter, node.argument, context);
}

/** `atomic_*(…)` in a generator: a scheduling point, before its arguments are evaluated. */
export function visitCall(emitter: Emitter, node: Call, context: Context): void {
  const canYield = context.mode === 'generator' && !context.inParams;
  if (canYield && !node.optional && calleeName(node)?.startsWith('atomic_')) {
    const site = emitter.site(node.start, 'a', context.info);
    const ask = `++$h.points===$h.pointStop&&$h.askPoint(${site})&&(yield)`;
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

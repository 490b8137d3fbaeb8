/**
 * Checks of what JavaScript does without a word, in the access image: an operand of `<<` or `| 0`
 * loses what does not fit into 32 bits.
 *
 *   E << n   →   $x.fits(E,N,false) << n
 *   E | 0    →   $x.fits(E,N,false) | 0
 *
 * Left alone: what always fits (literals, results of bit operators, Math.imul), and what is meant to
 * wrap: of a sum, difference or product only what is no whole number any more is told (`true`), as
 * `(hash * 31 + c) | 0` is exact below 2 to the 53rd.
 */

import type { Node } from '../ast.ts';
import type { Context, Emitter } from './emitter.ts';
import { visit } from './visit.ts';

const BITS = new Set(['&', '|', '^', '<<', '>>', '>>>']);
const SUMS = new Set(['+', '-', '*']);

/** Writes the check of an operand; false leaves the node to the other visitors. */
export function visitTrap(emitter: Emitter, node: Node, context: Context): boolean {
  if (node.type !== 'BinaryExpression' || !truncates(node.operator, node.right)) return false;
  const { left, right } = node;
  const operand = bare(left);
  if (alwaysFits(operand)) return false;
  const wraps = operand.type === 'BinaryExpression' && SUMS.has(operand.operator);
  const site = emitter.access(node.start, 'r', node.operator, context.info);
  emitter.open(left.start, '$x.fits(');
  emitter.close(left.end, `,${site},${wraps})`);
  visit(emitter, left, context);
  visit(emitter, right, context);
  return true;
}

/** Without its parentheses. */
function bare(node: Node): Node {
  return node.type === 'ParenthesizedExpression' ? bare(node.expression) : node;
}

function truncates(operator: string, right: Node): boolean {
  if (operator === '<<') return true;
  return operator === '|' && right.type === 'Literal' && right.value === 0;
}

function alwaysFits(node: Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'PrivateIdentifier':
      return true;
    case 'UnaryExpression':
      return node.operator !== '-' && node.operator !== '+';
    case 'BinaryExpression':
      return BITS.has(node.operator);
    case 'CallExpression':
      return (
        node.callee.type === 'MemberExpression' &&
        !node.callee.computed &&
        node.callee.object.type === 'Identifier' &&
        node.callee.object.name === 'Math' &&
        /^(imul|clz32|sign)$/.test(node.callee.property.name)
      );
    default:
      return false;
  }
}

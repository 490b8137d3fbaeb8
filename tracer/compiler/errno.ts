/**
 * Which mentions of an errno constant make an errno, so that `why` can name its origin.
 *
 * All that are evaluated, except to compare them (`error === ENOENT`, `case ENOENT:`). ZFS asks
 * its authors to write SET_ERROR(); here the compiler sees it.
 */

import { eachChild, isWrapper, type Node, type Program } from './ast.ts';
import type { Reference } from './scope.ts';

export interface ErrnoUse {
  readonly name: string;
  /** `{ EINVAL }`: has to be written out. */
  readonly shorthand: boolean;
}

const ERRNO = /^E[A-Z0-9]{1,15}$/;
const COMPARISONS = new Set(['===', '!==', '==', '!=']);

/** True for the modules that errno constants are imported from. */
export function isErrnoModule(specifier: string): boolean {
  return specifier === 'rumpus' || /(^|\/)errno(\.[jt]s)?$/.test(specifier);
}

/** The uses to instrument, by their node. */
export function findErrnos(
  program: Program,
  references: ReadonlyMap<Node, Reference>,
  errnoModules: (specifier: string) => boolean,
): Map<Node, ErrnoUse> {
  const uses = new Map<Node, ErrnoUse>();
  const isErrno = (node: Node): boolean => {
    const binding = references.get(node)?.binding;
    if (binding === undefined || binding === 'local') return false;
    return ERRNO.test(binding.imported) && errnoModules(binding.specifier);
  };
  /** `lookedAt`: the value of this node is only compared. */
  const visit = (node: Node, parent: Node, lookedAt: boolean): void => {
    if (node.type === 'Identifier' && !lookedAt && isErrno(node)) {
      const shorthand = parent.type === 'Property' && parent.shorthand;
      uses.set(node, { name: node.name, shorthand });
    }
    const compares = node.type === 'BinaryExpression' && COMPARISONS.has(node.operator);
    eachChild(node, (child, field) => {
      const tests = node.type === 'SwitchCase' && field === 'test';
      visit(child, node, compares || tests || (lookedAt && isWrapper(node)));
    });
  };
  eachChild(program, (child) => visit(child, program, false));
  return uses;
}

/** Named members: reads, and writes whose value is there at once. */

import { afterOptional, fieldName, isOurs, isSimple, type Member, type Patch } from './context.ts';
import { computedAccess } from './elements.ts';
import { READ } from './taps.ts';

export function member(patch: Patch, node: Member): void {
  if (isOurs(node.object) || patch.done.has(node)) return;
  const name = fieldName(node);
  const kind = patch.roles.get(node) ?? READ;
  if (name === undefined) {
    if (node.computed && patch.watchable.elements) computedAccess(patch, node, kind);
    return;
  }
  if (patch.isWatched(name)) named(patch, node, name, kind);
}

function named(patch: Patch, node: Member, name: string, kind: number): void {
  const tap = patch.tap(node, name, kind);
  if (tap === undefined) return;
  const { object } = node;
  if (node.optional || !afterOptional(object)) {
    if (patch.made.has(node)) patch.edits.wrap(node.start, node.end, '(', ')');
    patch.edits.wrap(object.start, object.end, '$Aa(', `, ${tap})`);
    return;
  }
  const optional = lastOptional(object);
  if (optional === undefined || !isSimple(object)) return;
  const variable = patch.variable();
  const text = JSON.stringify(name);
  patch.edits.wrap(object.start, object.end, '$Aa($Az(', `, ${variable}, ${text}), ${tap})`);
  patch.edits.wrap(optional.object.start, optional.object.end, `(${variable} = `, ')');
  patch.edits.before(object.end, node.computed ? '?.' : '?');
}

/** The optional link that a link comes after, with nothing but members in between. */
function lastOptional(node: Member['object']): Member | undefined {
  if (node.type !== 'MemberExpression' || node.optional) {
    return node.type === 'MemberExpression' ? node : undefined;
  }
  return lastOptional(node.object);
}

/** Objects as they are made, and as they are taken apart. */

import type { PropertyDefinition } from 'oxc-parser';
import type { Node } from '../ast.ts';
import type { Of, Patch } from './context.ts';
import { READ, WRITE } from './taps.ts';

/** `{ f: v }` tells when the object is there. */
export function literal(patch: Patch, node: Of<'ObjectExpression'>): void {
  for (const name of patch.watchable.fields) {
    const has = node.properties.some(
      (one) => one.type === 'SpreadElement' || (one.kind === 'init' && nameOf(one) === name),
    );
    const tap = has ? patch.tap(node, name, WRITE) : undefined;
    if (tap !== undefined) patch.edits.wrap(node.start, node.end, '$Aa(', `, ${tap})`);
  }
}

/** `class { f = v }` tells when the value is there. */
export function fieldOfClass(patch: Patch, node: PropertyDefinition): void {
  const name = nameOf(node);
  if (!patch.isWatched(name)) return;
  const tap = patch.tap(node, name, WRITE);
  if (tap === undefined) return;
  const { edits } = patch;
  const { value, key } = node;
  if (value === null) {
    edits.after(key.end, ` = $Ad(this, ${tap}, void 0)`);
  } else if (isNamedByPlace(value)) {
    // It is called like the field that it is the value of.
    const text = JSON.stringify(name);
    edits.wrap(value.start, value.end, `$Ad(this, ${tap}, { ${text}: `, ` }[${text}])`);
  } else edits.wrap(value.start, value.end, `$Ad(this, ${tap}, `, ')');
}

/** `{ f } = O` reads the names of the pattern, and all others if it has a rest. */
export function takenApart(patch: Patch, pattern: Of<'ObjectPattern'>, value: Node): void {
  for (const name of patch.watchable.fields) {
    const reads = pattern.properties.some(
      (one) => one.type === 'RestElement' || nameOf(one) === name,
    );
    const tap = reads ? patch.tap(pattern, name, READ) : undefined;
    if (tap !== undefined) patch.edits.wrap(value.start, value.end, '$Aa(', `, ${tap})`);
  }
}

function nameOf({ key, computed }: { key: Node; computed: boolean }): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

function isNamedByPlace(node: Node): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  const isNameable = node.type === 'FunctionExpression' || node.type === 'ClassExpression';
  return isNameable && node.id === null;
}

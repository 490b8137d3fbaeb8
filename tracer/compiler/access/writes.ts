/** Assignments to members: told when the write comes, with the icount at which its statement began. */

import { fieldName, isOurs, isSimple, kept, type Member, type Of, type Patch } from './context.ts';
import { READ, WRITE } from './taps.ts';

type Assignment = Of<'AssignmentExpression'>;

const LOGICAL: ReadonlySet<string> = new Set(['??=', '||=', '&&=']);

export function assignment(patch: Patch, node: Assignment): void {
  const { left, right, operator } = node;
  if (left.type !== 'MemberExpression' || isOurs(left.object)) return;
  const isPlain = operator === '=';
  patch.roles.set(left, isPlain ? WRITE : READ | WRITE);
  const name = watchedName(patch, left);
  if (name === undefined) return;
  const tap = patch.tap(left, name, WRITE);
  if (tap === undefined) return;
  const atOnce = isSimple(right);
  if (isPlain && atOnce && name !== '') {
    patch.done.add(left);
    known(patch, node, left, tap);
    return;
  }
  if (!LOGICAL.has(operator) && atOnce && (left.computed ? isSimple(left.property) : true)) return;
  patch.done.add(left);
  if (LOGICAL.has(operator)) logical(patch, node, left, name);
  else if (isPlain) plain(patch, node, left, tap);
  else compound(patch, node, left, name);
}

/** The watched name that a member is of, '' for elements; undefined when nothing is told. */
function watchedName(patch: Patch, left: Member): string | undefined {
  const name = fieldName(left);
  if (name !== undefined) return patch.isWatched(name) ? name : undefined;
  return left.computed && patch.watchable.elements ? '' : undefined;
}

/** `O.f = v` → `O.f = $Av(O, N, v)`: whether it changes anything is known before it does. */
function known(patch: Patch, { right }: Assignment, left: Member, tap: number): void {
  const again = kept(patch, left);
  patch.edits.wrap(right.start, right.end, `$Av(${again}, ${tap}, `, ')');
}

/** `O.f = call()` → `$Ap(O, "f", $Ai(), N, v)`. */
function plain(patch: Patch, node: Assignment, left: Member, tap: number): void {
  const { edits } = patch;
  edits.before(node.start, '$Ap(');
  const rest = `, $Ai(), ${tap}, `;
  if (isKeyText(left)) {
    edits.replace(left.object.end, node.right.start, `, ${keyText(left)}${rest}`);
  } else {
    edits.replace(left.object.end, left.property.start, ', (');
    edits.replace(left.property.end, node.right.start, `)${rest}`);
  }
  edits.after(node.end, ')');
}

/** `O.f += v` → `$Ap($Ao1 = O, "f", $Ai(), N, $Aa($Ao1, M).f + (v))`. */
function compound(patch: Patch, node: Assignment, left: Member, name: string): void {
  const { edits } = patch;
  const object = patch.variable();
  const write = patch.tap(left, name, WRITE);
  const operator = node.operator.slice(0, -1);
  edits.before(node.start, '$Ap(');
  edits.before(left.object.start, `${object} = `);
  if (isKeyText(left)) {
    const read = readText(patch, left, name, object, keyText(left));
    const text = `, ${keyText(left)}, $Ai(), ${write}, ${read} ${operator} (`;
    edits.replace(left.object.end, node.right.start, text);
  } else {
    const key = patch.variable();
    const read = readText(patch, left, name, object, key);
    edits.replace(left.object.end, left.property.start, `, ${key} = (`);
    const text = `), $Ai(), ${write}, ${read} ${operator} (`;
    edits.replace(left.property.end, node.right.start, text);
  }
  edits.after(node.end, '))');
}

/** `O.f ??= v` → `($Aa($Ao1 = O, R).f ?? $Ap($Ao1, "f", $Ai(), W, v))`. */
function logical(patch: Patch, node: Assignment, left: Member, name: string): void {
  const { edits } = patch;
  const object = patch.variable();
  const write = patch.tap(left, name, WRITE);
  const read = patch.tap(left, name, READ);
  const operator = node.operator.slice(0, -1);
  if (isKeyText(left)) {
    const key = keyText(left);
    edits.before(left.object.start, `($Ag(${object} = `);
    const text = `, ${read}, ${key}) ${operator} $Ap(${object}, ${key}, $Ai(), ${write}, `;
    edits.replace(left.object.end, node.right.start, text);
  } else {
    const key = patch.variable();
    edits.before(left.object.start, `($Ag(${object} = `);
    edits.replace(left.object.end, left.property.start, `, ${read}, ${key} = (`);
    const text = `)) ${operator} $Ap(${object}, ${key}, $Ai(), ${write}, `;
    edits.replace(left.property.end, node.right.start, text);
  }
  edits.after(node.end, '))');
}

function readText(patch: Patch, left: Member, name: string, object: string, key: string): string {
  return `$Ag(${object}, ${patch.tap(left, name, READ)}, ${key})`;
}

/** A key that is a name or a text, and so need not be evaluated. */
function isKeyText(left: Member): boolean {
  return fieldName(left) !== undefined;
}

function keyText(left: Member): string {
  return JSON.stringify(fieldName(left));
}

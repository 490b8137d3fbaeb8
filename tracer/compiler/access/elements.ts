/** Elements: computed members, and the methods of arrays, maps and sets that read or write. */

import {
  afterOptional,
  isName,
  isOurs,
  isSimple,
  kept,
  type Member,
  type Of,
  type Patch,
} from './context.ts';
import { READ, WHOLE, WRITE } from './taps.ts';

/** What methods do; those of WHOLE may touch any element. */
const METHODS: ReadonlyMap<string, number> = new Map([
  ['get', READ],
  ['has', READ],
  ['at', READ],
  ['set', WRITE],
  ['add', WRITE],
  ['delete', WRITE],
  ['clear', WRITE | WHOLE],
  ['push', WRITE | WHOLE],
  ['pop', WRITE | WHOLE],
  ['shift', WRITE | WHOLE],
  ['unshift', WRITE | WHOLE],
  ['splice', WRITE | WHOLE],
  ['sort', WRITE | WHOLE],
  ['reverse', WRITE | WHOLE],
  ['fill', WRITE | WHOLE],
  ['copyWithin', WRITE | WHOLE],
]);

/** `O[e]`. */
export function computedAccess(patch: Patch, node: Member, kind: number): void {
  const { object, property, optional } = node;
  const tap = patch.tap(node, '', kind);
  if (tap === undefined || (!optional && afterOptional(object))) return;
  const { edits } = patch;
  const isRead = kind === READ && !optional && !patch.roles.has(node) && !patch.made.has(node);
  if (isRead && !isName(object) && !isSimple(property)) {
    edits.before(node.start, '$Ag(');
    edits.replace(object.end, property.start, `, ${tap}, `);
    edits.replace(property.end, node.end, ')');
    return;
  }
  if (patch.made.has(node)) edits.wrap(node.start, node.end, '(', ')');
  const again = kept(patch, node);
  edits.wrap(property.start, property.end, `$Ak(${again}, ${tap}, (`, '))');
}

/** `O.get(k)` and the like. */
export function callOfMethod(patch: Patch, node: Of<'CallExpression'>): void {
  const { callee } = node;
  if (callee.type !== 'MemberExpression') return;
  // A call needs its object: it is no plain read of the member.
  if (!patch.roles.has(callee)) patch.roles.set(callee, READ);
  if (!patch.watchable.elements || callee.computed || callee.property.type !== 'Identifier') return;
  const { name } = callee.property;
  const kind = METHODS.get(name);
  if (kind === undefined || patch.isWatched(name) || isOurs(callee.object) || node.optional) return;
  if (!callee.optional && afterOptional(callee.object)) return;
  const tap = patch.tap(node, '', kind);
  if (tap === undefined) return;
  patch.done.add(callee);
  if ((kind & WHOLE) !== 0) wholeMethod(patch, node, callee, tap);
  else keyedMethod(patch, node, callee, tap);
}

type Call = Of<'CallExpression'>;

function wholeMethod(patch: Patch, node: Call, callee: Member, tap: number): void {
  if (callee.optional || node.arguments.every(isSimple)) {
    patch.edits.wrap(callee.object.start, callee.object.end, '$Aa(', `, ${tap})`);
  } else throughCall(patch, node, callee, tap);
}

function keyedMethod(patch: Patch, node: Call, callee: Member, tap: number): void {
  const [key, ...others] = node.arguments;
  if (key === undefined) return;
  const isAtOnce =
    key.type !== 'SpreadElement' &&
    others.every(isSimple) &&
    (isName(callee.object) || isSimple(key) || callee.optional);
  if (isAtOnce) {
    patch.edits.wrap(key.start, key.end, `$Ak(${kept(patch, callee)}, ${tap}, `, ')');
  } else if (!callee.optional) throughCall(patch, node, callee, tap);
}

/** A call whose arguments run code: it is told of when they are there. */
function throughCall(patch: Patch, node: Call, { object, property }: Member, tap: number): void {
  const { edits, code } = patch;
  const name = JSON.stringify(code.slice(property.start, property.end));
  edits.before(node.start, '$Am(');
  const opened = code.indexOf('(', property.end);
  const comma = node.arguments.length > 0 ? ', ' : '';
  edits.replace(object.end, opened + 1, `, ${name}, $Ai(), ${tap}${comma}`);
}

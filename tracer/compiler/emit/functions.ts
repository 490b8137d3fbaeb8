/** Heads and tails of functions: depth, entry count, saved registers, the hidden parameter. */

import { eachChild, type Fn, isFunction, type Node } from '../ast.ts';
import type { FunctionInfo } from '../functions.ts';
import { type Context, type Emitter, OFF } from './emitter.ts';
import { visitStatements } from './statements.ts';
import { visit } from './visit.ts';

/** Plain calls that may nest above a generator; kernel/hooks.ts has the same for generators. */
const PLAIN_DEPTH_MAX = 2000;

type Block = Extract<Node, { type: 'BlockStatement' }>;

export function visitFunction(emitter: Emitter, node: Fn): void {
  const info = emitter.functions.get(node);
  if (info === undefined || node.body === null) return;
  const context: Context = { mode: info.mode, info, inParams: false };
  if (info.mode === 'generator') hiddenParameter(emitter, node, info);
  for (const param of node.params) visit(emitter, param, { ...context, inParams: true });
  if (node.body.type === 'BlockStatement') visitBlockBody(emitter, node.body, context);
  else visitExpressionBody(emitter, node.body, context);
}

function visitBlockBody(emitter: Emitter, body: Block, context: Context): void {
  if (context.mode === 'off') {
    visitStatements(emitter, body.body, context);
    return;
  }
  const directive = directives(body).at(-1);
  const head = scopeOf(emitter, body) + headOf(emitter, body, context);
  if (directive === undefined) emitter.head(body.start + 1, head);
  else emitter.head(directive.end, `;${head}`);
  visitStatements(emitter, body.body, context);
  declareTemporaries(emitter, directive?.end ?? body.start + 1, context.info);
  if (leaves(body.body.at(-1))) return;
  if (context.mode === 'plain') emitter.open(body.end - 1, ';--$h.pd;');
  else if (emitter.tellsAccesses) {
    // Others may come before it is over: what it did last is done.
    const at = emitter.access(body.end - 1, 'r', '', context.info);
    emitter.open(body.end - 1, `;if($x.step(${at}))yield;`);
  }
}

function headOf(emitter: Emitter, body: Block, context: Context): string {
  const info = context.info!;
  if (context.mode === 'plain') {
    const site = emitter.site(body.start, 'f', info);
    const saved = info.hasTry ? 'const $p=$h.pd;' : '';
    return `${deeper(site)};${saved}if(++$h.icount===$h.stop)$h.hit(${site});`;
  }
  const count = emitter.count(body.start, 'f', context);
  const saved = info.hasTry ? 'const $f=$h.fp;' : '';
  return `${saved}${info.hasYieldStar ? 'let $t;' : ''}${count}`;
}

/** The record of a block's captured variables, where it has some. */
export function scopeOf(emitter: Emitter, block: Node): string {
  const scope = emitter.captured.scopes.get(block);
  return scope === undefined ? '' : `const ${scope}=$x.scope();`;
}

/** Declares what the function's accesses are evaluated into, once it is known how many there are. */
function declareTemporaries(emitter: Emitter, offset: number, info: FunctionInfo | null): void {
  const count = info?.temporaries ?? 0;
  if (count === 0) return;
  const names = Array.from({ length: count }, (_, i) => `$${i + 1}`);
  emitter.head(offset, `let ${names.join(',')};`);
}

/** Temporaries that an arrow function's expression takes at most; the access visitors know better. */
function temporariesOf(node: Node): number {
  let count = TEMPORARIES.get(node.type) ?? 0;
  eachChild(node, (child) => {
    if (!isFunction(child)) count += temporariesOf(child);
  });
  return count;
}

const TEMPORARIES: ReadonlyMap<string, number> = new Map([
  ['MemberExpression', 2],
  ['AssignmentExpression', 2],
  ['UpdateExpression', 2],
  ['CallExpression', 3],
  ['SpreadElement', 1],
]);

function visitExpressionBody(emitter: Emitter, body: Node, context: Context): void {
  const count = emitter.tellsAccesses && context.mode === 'plain' ? temporariesOf(body) : 0;
  if (count > 0) {
    const names = Array.from({ length: count }, (_, i) => `$${i + 1}`);
    emitter.open(body.start, `{let ${names.join(',')};return(`);
    emitter.close(body.end, ')}');
  }
  if (context.mode === 'plain') {
    const site = emitter.site(body.start, 'f', context.info);
    const counted = `++$h.icount===$h.stop&&$h.hit(${site})`;
    emitter.open(body.start, `(${deeper(site)},${counted},$h.r(`);
    emitter.close(body.end, '))');
  }
  visit(emitter, body, context);
}

/** One plain call deeper; too deep is a verdict. */
function deeper(site: string): string {
  return `++$h.pd===${PLAIN_DEPTH_MAX}&&$h.deep(${site})`;
}

function directives(body: Block): Node[] {
  return body.body.filter((one) => one.type === 'ExpressionStatement' && Boolean(one.directive));
}

function leaves(last: Node | undefined): boolean {
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/**
 * Default values are evaluated when a generator function is called, long before its body runs: so a
 * generator that is made and never run can be noticed. The arguments that were not declared are a
 * list without a property `$g`, so its default value is evaluated however many there are. A rest
 * parameter of the source's own is filled anew.
 */
function hiddenParameter(emitter: Emitter, node: Fn, info: FunctionInfo): void {
  if (node.body?.type === 'BlockStatement') dropUseStrict(emitter, node.body);
  const made = `$g=$h.made(${emitter.site(info.nameAt, 'g', info)})`;
  const last = node.params.at(-1);
  if (last?.type === 'RestElement') {
    const before = node.params.filter(isPassed).length - 1;
    emitter.open(last.argument.start, `{${made},$r:`);
    emitter.close(last.argument.end, `=[].slice.call(arguments,${before})}`);
    return;
  }
  const { code } = emitter.source;
  const hidden = `...{${made}}`;
  if (last === undefined) {
    emitter.head(openParenthesis(code, node) + 1, hidden);
    return;
  }
  const comma = skipBlanks(code, last.end);
  if (code[comma] === ',') emitter.head(comma + 1, hidden);
  else emitter.close(last.end, `,${hidden}`);
}

/** A function that says so can only have simple parameters; in a module it says nothing new. */
function dropUseStrict(emitter: Emitter, body: Block): void {
  for (const one of directives(body)) {
    if ((one as { directive?: string }).directive !== 'use strict') continue;
    emitter.replace(one.start, one.end, "'';");
  }
}

/** TypeScript's `this` is no parameter. */
function isPassed(param: Node): boolean {
  return param.type !== 'Identifier' || param.name !== 'this';
}

/** The first offset from `at` on that is neither white space nor in a comment. */
function skipBlanks(code: string, at: number): number {
  for (;;) {
    if (code.startsWith('/*', at)) at = code.indexOf('*/', at) + 2;
    else if (code.startsWith('//', at)) at = code.indexOf('\n', at);
    else if (/\s/.test(code[at])) at++;
    else return at;
  }
}

/** Where the empty parameter list of a function opens. */
function openParenthesis(code: string, node: Fn): number {
  let at = node.typeParameters?.end ?? node.id?.end ?? node.start;
  while (at < node.end && code[skipBlanks(code, at)] !== '(') at = skipBlanks(code, at) + 1;
  return skipBlanks(code, at);
}

/** Fields and static blocks run while a class is made: only the functions in them are counted. */
export function visitClassMember(emitter: Emitter, node: Node, context: Context): void {
  eachChild(node, (child, field) => {
    visit(emitter, child, field === 'key' ? context : OFF);
  });
}

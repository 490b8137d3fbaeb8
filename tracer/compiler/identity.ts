/**
 * Identity: what makes two sources the same code.
 *
 * Hashes of the original text, token by token, without what does not run: comments, white space,
 * type annotations, and `rumpuser_dprintf` statements with their import. A recording made before
 * a dprintf was added still fits the image after it. Statement ends that the language would insert
 * are written out, so that a line break that means something counts.
 */

import { createHash } from 'node:crypto';
import { DPRINTF, eachChild, isDprintf, isTypeOnly, type Node, type Source } from './ast.ts';
import type { FunctionInfo } from './functions.ts';

/** Changes whenever the same source compiles to other sites or counts. */
export const COMPILER_VERSION = '7';

export interface Identity {
  /** Hash (hex) of the module. */
  readonly hash: string;
  /** Hash (hex) of each function without the functions inside it, by index. */
  readonly functionHashes: string[];
}

/** Something at an offset that the scan of the text must know about. */
interface Mark {
  readonly at: number;
  readonly kind: 'skip' | 'verbatim' | 'end' | 'enter' | 'leave';
  /** skip and verbatim: where it ends. */
  readonly end: number;
  readonly index: number;
}

const ENDS = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
  'DebuggerStatement',
  'DoWhileStatement',
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ExportDefaultDeclaration',
  'PropertyDefinition',
]);

const VERBATIM = new Set(['Literal', 'TemplateElement', 'JSXText']);
const TYPES = ['typeAnnotation', 'typeParameters', 'returnType'];

/** Hash of text, 32 hex digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Identity of a whole image: of what it is made from and who compiled it. */
export function imageIdentity(modules: readonly { path: string; hash: string }[]): string {
  const lines = modules.map(({ path, hash }) => `${path} ${hash}`).sort();
  return digest([`compiler ${COMPILER_VERSION}`, ...lines].join('\n'));
}

function importsOnlyDprintf(node: Node): boolean {
  if (node.type !== 'ImportDeclaration' || node.specifiers.length === 0) return false;
  return node.specifiers.every((one) => one.local.name === DPRINTF);
}

function isSkipped(node: Node): boolean {
  if (isDprintf(node) || isTypeOnly(node) || importsOnlyDprintf(node)) return true;
  return node.type === 'ImportSpecifier' && node.local.name === DPRINTF;
}

class Marks {
  readonly list: Mark[] = [];

  add(kind: Mark['kind'], at: number, end = at, index = 0): void {
    this.list.push({ kind, at, end, index });
  }

  skipTypes(node: Node): void {
    const fields = node as unknown as Record<string, Node | null | undefined>;
    for (const field of TYPES) {
      const type = fields[field];
      if (type?.type.startsWith('TSType') && node.type !== 'TSAsExpression') {
        this.add('skip', type.start, type.end);
      }
    }
  }

  collect(node: Node, functions: ReadonlyMap<Node, FunctionInfo>): void {
    this.skipTypes(node);
    const info = functions.get(node);
    const counted = info !== undefined && info.index >= 0;
    if (counted) this.add('enter', node.start, node.start, info.index);
    if (VERBATIM.has(node.type)) this.add('verbatim', node.start, node.end);
    const declares = node.type === 'VariableDeclaration' && node.declarations.length > 0;
    for (const child of this.children(node)) {
      if (isSkipped(child)) this.add('skip', child.start, child.end);
      else this.collect(child, functions);
    }
    if (ENDS.has(node.type) || declares) this.add('end', node.end);
    if (counted) this.add('leave', node.end);
  }

  /** Children in source order; types that stand as statements are among them, to be skipped. */
  children(node: Node): Node[] {
    const children: Node[] = [];
    eachChild(node, (child) => children.push(child));
    if (node.type === 'Program' || node.type === 'BlockStatement') {
      for (const one of node.body) if (isTypeOnly(one)) children.push(one);
    }
    return children.sort((a, b) => a.start - b.start || b.end - a.end);
  }
}

const WORD = /[\w$\u0080-\uffff]/;

/** A token stream as one text, with spaces only where two tokens would become one. */
class Tokens {
  text = '';

  push(piece: string): void {
    if (piece === '') return;
    const last = this.text.at(-1) ?? ' ';
    const next = piece[0];
    const joins = WORD.test(last) && WORD.test(next);
    const sign = last === next && (next === '+' || next === '-');
    this.text += joins || sign ? ` ${piece}` : piece;
  }

  endStatement(): void {
    if (!this.text.endsWith(';')) this.text += ';';
  }
}

/** Writes every token to the module's stream and to that of the innermost function. */
class Scanner {
  readonly module = new Tokens();
  readonly functions: Tokens[] = [];
  readonly stack: Tokens[] = [];
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }

  push(piece: string): void {
    this.module.push(piece);
    this.stack.at(-1)?.push(piece);
  }

  plain(from: number, to: number): void {
    for (const piece of this.code.slice(from, to).split(/\s+/)) this.push(piece);
  }

  mark(mark: Mark): void {
    if (mark.kind === 'verbatim') this.push(this.code.slice(mark.at, mark.end));
    else if (mark.kind === 'end') {
      this.module.endStatement();
      this.stack.at(-1)?.endStatement();
    } else if (mark.kind === 'leave') this.stack.pop();
    else if (mark.kind === 'enter') {
      this.stack.at(-1)?.push('function');
      this.functions[mark.index] = new Tokens();
      this.stack.push(this.functions[mark.index]);
    }
  }

  run(marks: readonly Mark[]): void {
    let at = 0;
    for (const mark of marks) {
      if (mark.at > at) this.plain(at, mark.at);
      at = Math.max(at, mark.at);
      if (mark.at < at && (mark.kind === 'skip' || mark.kind === 'verbatim')) continue;
      this.mark(mark);
      at = Math.max(at, mark.end);
    }
    this.plain(at, this.code.length);
  }
}

/** Commas between import specifiers say nothing, and one of them goes with a dprintf. */
function importCommas(source: Source, marks: Marks): void {
  for (const node of source.program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    const last = node.specifiers.at(-1)?.end ?? node.start;
    for (let at = source.code.indexOf(',', node.start); at >= 0; ) {
      if (at >= node.source.start || at > last + 200) break;
      marks.add('skip', at, at + 1);
      at = source.code.indexOf(',', at + 1);
    }
  }
}

/** The identity of a module; with `onlyGenerators`, of the functions that are instrumented in it. */
export function identify(
  source: Source,
  functions: ReadonlyMap<Node, FunctionInfo>,
  options: { onlyGenerators: boolean },
): Identity {
  const marks = new Marks();
  for (const comment of source.comments) marks.add('skip', comment.start, comment.end);
  const bang = source.program.hashbang;
  if (bang) marks.add('skip', bang.start, bang.end);
  importCommas(source, marks);
  marks.collect(source.program, functions);
  const scanner = new Scanner(source.code);
  scanner.run(marks.list.sort((a, b) => a.at - b.at));
  const functionHashes = scanner.functions.map((tokens) => digest(tokens.text));
  const text = options.onlyGenerators ? functionHashes.join('\n') : scanner.module.text;
  return { hash: digest(text), functionHashes };
}

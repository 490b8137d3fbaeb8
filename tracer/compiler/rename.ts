/**
 * Expressions of a user in the names of the source, written in the names of generated code.
 *
 *   inNames('counter + {counter}.counter', (name) => 'counter2')
 *     → 'counter2 + {counter: counter2}.counter'
 */

import { eachChild, type Node, parse } from './ast.ts';
import { CompileError } from './errors.ts';

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

interface Edit {
  readonly at: number;
  readonly name: string;
  readonly text: string;
}

/** All words of an expression, among which are the names of its variables. */
export function wordsOf(expression: string): Set<string> {
  return new Set(expression.match(NAME));
}

/**
 * The expression with what `nameOf` gives in the place of its variables, undefined where they stay.
 * One that cannot be parsed is left for the engine to complain about.
 */
export function inNames(expression: string, nameOf: (name: string) => string | undefined): string {
  const known = new Map<string, string>();
  for (const word of wordsOf(expression)) {
    const name = nameOf(word);
    if (name !== undefined && name !== word) known.set(word, name);
  }
  if (known.size === 0) return expression;
  const edits = editsOf(`(${expression}\n)`, known);
  let text = expression;
  for (const { at, name, text: put } of edits.sort((a, b) => b.at - a.at)) {
    text = text.slice(0, at - 1) + put + text.slice(at - 1 + name.length);
  }
  return text;
}

function editsOf(code: string, known: ReadonlyMap<string, string>): Edit[] {
  const edits: Edit[] = [];
  const own = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'Identifier') {
      const put = known.get(node.name);
      if (put !== undefined) edits.push({ at: node.start, name: node.name, text: put });
      return;
    }
    eachChild(node, (child, field) => {
      if (field === 'params') namesIn(child, own);
      if (isLabel(node, field)) return;
      const name = shorthandOf(node, child);
      const put = known.get(name);
      if (put === undefined) visit(child);
      else edits.push({ at: child.start, name, text: `${name}: ${put}` });
    });
  };
  try {
    visit(parse(code, 'expression.ts').program);
  } catch (error) {
    if (error instanceof CompileError) return [];
    throw error;
  }
  return edits.filter(({ name }) => !own.has(name));
}

/** The name in `{name}`; '' for anything else. */
function shorthandOf(node: Node, child: Node): string {
  const isShorthand = node.type === 'Property' && node.shorthand;
  return isShorthand && child.type === 'Identifier' ? child.name : '';
}

/** What is a name of a field, and no variable. A shorthand is both, and is visited as its value. */
function isLabel(node: Node, field: string): boolean {
  if (node.type === 'MemberExpression') return field === 'property' && !node.computed;
  if (node.type === 'Property') return field === 'key' && !node.computed;
  return false;
}

/** Names that a parameter of a function in the expression declares. */
function namesIn(node: Node, names: Set<string>): void {
  if (node.type === 'Identifier') names.add(node.name);
  else eachChild(node, (child) => namesIn(child, names));
}

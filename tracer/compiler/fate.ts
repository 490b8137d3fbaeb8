/**
 * What becomes of the value of a call, as its source has it: for a call that gives something to be
 * run later, whether this is the place where it should have been run.
 */

import { eachChild, isFunction, isWrapper, type Node, parse, type Program, unwrap } from './ast.ts';
import { CompileError } from './errors.ts';

/**
 * returned  the function that calls gives it to its own caller
 * run       `yield*` runs it
 * kept      neither: it is dropped, stored, or an argument
 */
export type Fate = 'returned' | 'run' | 'kept';

/** A call in a source. */
export interface SourceCall {
  readonly fate: Fate;
  /** As it is written, without its arguments: `sys.mkdir()`; '' where that is long. */
  readonly text: string;
}

/** A node with what surrounds it. */
interface Step {
  readonly node: Node;
  /** The field of the node around it that it is in. */
  readonly field: string;
}

/** Fields whose value is their node's value, or may be. */
const PASSED_ON: Readonly<Record<string, readonly string[]>> = {
  ChainExpression: ['expression'],
  ConditionalExpression: ['consequent', 'alternate'],
  LogicalExpression: ['left', 'right'],
};

/** Characters of a call that are shown; it has to be on one line. */
const TEXT = /^.{1,60}$/;

/**
 * The call at a position, where the engine says that a call is: at its function's name. Undefined
 * when the text is no module.
 */
export function callAt(
  code: string,
  path: string,
  lineBase1: number,
  columnBase0: number,
): SourceCall | undefined {
  try {
    const { program, lines } = parse(code, path);
    const start = lines.starts[lineBase1 - 1];
    if (code === '' || start === undefined) return undefined;
    const steps = callSteps(stepsTo(program, start + columnBase0));
    return { fate: fateIn(steps), text: textOf(code, steps[steps.length - 1].node) };
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

/** The nodes around an offset, innermost last. */
function stepsTo(program: Program, offset: number): Step[] {
  const steps: Step[] = [{ node: program, field: '' }];
  for (let inner: Step | undefined = steps[0]; inner !== undefined; ) {
    const { node } = inner;
    inner = undefined;
    eachChild(node, (child, field) => {
      if (child.start <= offset && offset < child.end) inner = { node: child, field };
    });
    if (inner !== undefined) steps.push(inner);
  }
  return steps;
}

function fateIn(steps: readonly Step[]): Fate {
  for (let at = steps.length - 1; at > 0; at--) {
    const { field } = steps[at];
    const { node } = steps[at - 1];
    if (node.type === 'ReturnStatement') return 'returned';
    if (node.type === 'ArrowFunctionExpression') return field === 'body' ? 'returned' : 'kept';
    if (node.type === 'YieldExpression') return node.delegate ? 'run' : 'kept';
    const stored = storedAs(node, field);
    if (stored !== undefined) return returns(steps, at, stored) ? 'returned' : 'kept';
    if (!passesOn(node, steps[at])) return 'kept';
  }
  return 'kept';
}

/** Without what is inside of the call whose function is at the end; a getter's call is its member. */
function callSteps(steps: readonly Step[]): readonly Step[] {
  let at = steps.length - 1;
  for (; at > 0; at--) {
    const { field } = steps[at];
    const { node } = steps[at - 1];
    if (field === 'callee' || field === 'tag') return steps.slice(0, at);
    if (field !== 'property' && !isWrapper(node)) break;
  }
  return steps.slice(0, at + 1);
}

function textOf(code: string, node: Node): string {
  const called = node.type === 'CallExpression';
  const { start, end } = called ? node.callee : node;
  const text = code.slice(start, end);
  return TEXT.test(text) ? `${text}${called ? '()' : ''}` : '';
}

function passesOn(node: Node, { node: child, field }: Step): boolean {
  if (isWrapper(node)) return true;
  if (node.type === 'SequenceExpression') return node.expressions.at(-1) === child;
  return PASSED_ON[node.type]?.includes(field) ?? false;
}

/** The name of the variable that a value is stored in. */
function storedAs(node: Node, field: string): string | undefined {
  if (node.type === 'VariableDeclarator' && field === 'init') return nameOf(node.id);
  if (node.type !== 'AssignmentExpression' || field !== 'right') return undefined;
  return nameOf(node.left);
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' ? node.name : undefined;
}

/** Whether the function around step `at` has a `return` of this variable. */
function returns(steps: readonly Step[], at: number, name: string): boolean {
  const around = steps.slice(0, at).findLast(({ node }) => isFunction(node));
  let found = false;
  const visit = (node: Node): void => {
    if (node.type === 'ReturnStatement' && node.argument) {
      if (nameOf(unwrap(node.argument)) === name) found = true;
    }
    eachChild(node, (child) => {
      if (!isFunction(child)) visit(child);
    });
  };
  if (around !== undefined) visit(around.node);
  return found;
}

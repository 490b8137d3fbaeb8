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

/**
 * The fate of the call at a position, where the engine says that a call is: at its function's name.
 * Undefined when the text is no module.
 */
export function fateOf(
  code: string,
  path: string,
  lineBase1: number,
  columnBase0: number,
): Fate | undefined {
  try {
    const { program, lines } = parse(code, path);
    const start = lines.starts[lineBase1 - 1];
    if (code === '' || start === undefined) return undefined;
    return fateIn(stepsTo(program, start + columnBase0));
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
  for (let at = callAt(steps); at > 0; at--) {
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

/** From the name at the end of `steps` to the call of it; a getter's call is its member. */
function callAt(steps: readonly Step[]): number {
  let at = steps.length - 1;
  for (; at > 0; at--) {
    const { field } = steps[at];
    const { node } = steps[at - 1];
    if (field === 'callee' || field === 'tag') return at - 1;
    if (field !== 'property' && !isWrapper(node)) break;
  }
  return at;
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

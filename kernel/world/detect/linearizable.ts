/**
 * Linearisability: whether the operations of several LWPs on an object, as they were called and as
 * they answered, could have happened one after the other, each at some moment between its call and
 * its answer (Herlihy and Wing, TOPLAS 1990). The search is Wing and Gong's (JPDC 1993) with
 * Lowe's memory of what was tried (2017).
 *
 *   const h = newHistory('stack');
 *   const op = invoked(h, 'pop'); const value = yield* pop(stack); responded(op, value);
 *   linearizable(h, { initial: () => [], apply: (s, name, args) => [next, answer] });
 *
 * A model never changes a state that it was given. An operation that has not answered may have
 * happened or not. States are told apart by `key`, by default their JSON; answers too.
 */

import { hooks } from '../../hooks.ts';
import { current, curworld } from '../current.ts';
import { conclude, unwindWorld } from '../outcome.ts';

/** One operation of a history. */
export class Operation {
  readonly history: OperationHistory;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly lwp: number;
  /** Moments, counted in the history; 0 for an answer that has not come. */
  readonly calledAt: number;
  answeredAt = 0;
  answer: unknown = undefined;

  constructor(
    history: OperationHistory,
    name: string,
    args: readonly unknown[],
    lwp: number,
    calledAt: number,
  ) {
    this.history = history;
    this.name = name;
    this.args = args;
    this.lwp = lwp;
    this.calledAt = calledAt;
  }
}

/** What was done to an object, in order of calls. */
export class OperationHistory {
  name: string;
  operations: Operation[] = [];
  moments = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** The object as it would be with one LWP. */
export interface SequentialModel<S> {
  initial(): S;
  /** The state after an operation, and its answer. */
  apply(state: S, name: string, args: readonly unknown[]): readonly [S, unknown];
  /** The same for equal states. */
  key?(state: S): string;
}

/** An empty history; `name` is what people see of the object. */
export function newHistory(name: string): OperationHistory {
  return new OperationHistory(name);
}

/** The running LWP calls an operation. */
export function invoked(h: OperationHistory, name: string, ...args: readonly unknown[]): Operation {
  const op = new Operation(h, name, args, current.lwp?.id ?? 0, ++h.moments);
  h.operations.push(op);
  return op;
}

/** It answered. */
export function responded(op: Operation, answer?: unknown): void {
  op.answer = answer;
  op.answeredAt = ++op.history.moments;
}

/** Ends the run with verdict `invariant` if the history has no order. Not counted. */
export function linearizable<S>(h: OperationHistory, model: SequentialModel<S>): void {
  hooks.pause(0, 0);
  let problem: string | undefined;
  try {
    problem = orderProblem(h, model);
  } finally {
    hooks.resume();
  }
  if (problem === undefined) return;
  conclude(curworld(), 'invariant', problem, current.lwp, { site: hooks.site });
  unwindWorld();
}

interface Step<S> {
  readonly state: S;
  /** Index of the operation that led here, and the next to try after it. */
  readonly op: number;
  next: number;
}

/** Why there is no order, in a sentence; undefined when there is one. */
export function orderProblem<S>(
  h: OperationHistory,
  model: SequentialModel<S>,
): string | undefined {
  const ops = h.operations;
  const keyOf = model.key?.bind(model) ?? text;
  const done = ops.map(() => false);
  const tried = new Set<string>();
  const steps: Step<S>[] = [{ state: model.initial(), op: -1, next: 0 }];
  let longest: number[] = [];
  while (steps.length > 0) {
    const step = steps[steps.length - 1];
    if (ops.every((op, i) => done[i] || op.answeredAt === 0)) return undefined;
    const limit = firstAnswer(ops, done);
    let went = false;
    while (step.next < ops.length && !went) {
      const i = step.next++;
      const op = ops[i];
      if (done[i] || op.calledAt > limit) continue;
      const [state, answer] = model.apply(step.state, op.name, op.args);
      if (op.answeredAt !== 0 && text(answer) !== text(op.answer)) continue;
      done[i] = true;
      const key = `${done.map(Number).join('')} ${keyOf(state)}`;
      went = !tried.has(key);
      tried.add(key);
      if (went) steps.push({ state, op: i, next: 0 });
      else done[i] = false;
    }
    if (went) {
      if (steps.length - 1 > longest.length) longest = steps.slice(1).map(({ op }) => op);
      continue;
    }
    if (step.op >= 0) done[step.op] = false;
    steps.pop();
  }
  return problemText(h, longest);
}

/** No operation that is called after this moment can be next. */
function firstAnswer(ops: readonly Operation[], done: readonly boolean[]): number {
  let first = Number.MAX_SAFE_INTEGER;
  ops.forEach((op, i) => {
    if (!done[i] && op.answeredAt !== 0 && op.answeredAt < first) first = op.answeredAt;
  });
  return first;
}

function problemText(h: OperationHistory, longest: readonly number[]): string {
  const rest = h.operations.filter((op, i) => !longest.includes(i) && op.answeredAt !== 0);
  const order = longest.map((i) => operationText(h.operations[i])).join(', ');
  const left = rest.map(operationText).join('; ');
  return `'${h.name}' is not linearisable: ${
    order === '' ? '' : `after ${order} `
  }nothing can come next of ${left}`;
}

function operationText({ name, args, answer, answeredAt, lwp }: Operation): string {
  const gave = answeredAt === 0 ? 'unanswered' : text(answer);
  return `${name}(${args.map(text).join(', ')}) = ${gave} of LWP ${lwp}`;
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

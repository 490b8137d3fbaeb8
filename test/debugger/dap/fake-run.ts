/**
 * The run of the scripted target: its moments, and what can be seen at them.
 *
 *   icount  1 main:1   2 main:2   3 helper:10   4 worker:20 (LWP 2)   5 main:3   …
 */

import type {
  BreakpointRequest,
  FrameInfo,
  SourcePlace,
  Variable,
} from '../../../debugger/target/index.ts';

export const PROGRAM = 'tests/race.ts';
export const KERNEL = 'rumpus/kernel/kern/kern_mutex.ts';
export const TEXT = Array.from({ length: 30 }, (_, at) => `statement(${at + 1});`).join('\n');

/** One statement of the run. */
export interface Moment {
  readonly lwp: number;
  readonly function: string;
  readonly line: number;
  readonly depth: number;
  readonly path?: string;
  readonly prints?: string;
  /** Value of the variable `x` before the statement. */
  readonly x: number;
}

const at = (lwp: number, name: string, line: number, depth: number, x: number): Moment => ({
  lwp,
  function: name,
  line,
  depth,
  x,
});

/** The run: main calls helper twice; a worker comes in between. */
export const RUN: readonly Moment[] = [
  at(1, 'main', 1, 1, 0),
  { ...at(1, 'main', 2, 1, 0), prints: 'hello\n' },
  at(1, 'helper', 10, 2, 1),
  at(2, 'worker', 20, 1, 1),
  at(1, 'helper', 11, 2, 1),
  at(1, 'main', 3, 1, 2),
  at(1, 'helper', 10, 2, 2),
  { ...at(1, 'mutex_enter', 5, 3, 2), path: KERNEL },
  at(1, 'main', 4, 1, 3),
  at(1, 'main', 5, 1, 4),
];

const PLAIN = { named: 0, indexed: 0, memory: '', writable: true, optimizedAway: false };

export function variable(name: string, value: string, more: Partial<Variable> = {}): Variable {
  return { name, value, type: 'number', handle: 0, evaluateName: name, ...PLAIN, ...more };
}

export function isAt({ at }: BreakpointRequest, moment: Moment): boolean {
  if (at.kind === 'function') return at.name === moment.function;
  if (at.kind === 'data') return moment.line === 3;
  return at.path === (moment.path ?? PROGRAM) && at.lineBase1 === moment.line;
}

export function placeOf(moment: Moment): SourcePlace {
  return { path: moment.path ?? PROGRAM, lineBase1: moment.line, columnBase0: 2 };
}

export function frameOf(moment: Moment, id: number): FrameInfo {
  return {
    ...placeOf(moment),
    id,
    lwp: moment.lwp,
    function: moment.function,
    module: moment.path === KERNEL ? 'kern' : 'race.ts',
    subtle: moment.function === 'mutex_enter',
    running: true,
  };
}

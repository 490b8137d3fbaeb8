/**
 * Repeats a failing schedule with everything watched (record.ts), as often as a report needs it.
 *
 * The run goes to the icount of the finding and no further: what comes after it, where a detector
 * does not end the run, is no part of the story. Detectors are not there, so nothing but the kernel
 * decides how far it goes.
 */

import {
  DIRECTIVE_WORDS,
  type Observer,
  type Outcome,
  ReplayStrategy,
  Scope,
  Variables,
  type World,
} from '../../../kernel/index.ts';
import {
  argsText,
  decodeEvents,
  type StackFrame,
  type TimelineEvent,
} from '../../../tracer/index.ts';
import { type Execution, execute } from '../../run/execute.ts';
import type { LoadedProgram } from '../../run/load.ts';
import { eventsOf } from '../../run/record.ts';
import type { RunSpec } from '../../run/spec.ts';
import { CapturedValues } from './captured.ts';
import { OperationLog } from './record.ts';
import { stackNow } from './stacks.ts';

/** Events kept for the picture of who ran where. */
const RING_RECORDS = 4096;

export interface WatchedRun {
  readonly log: OperationLog;
  readonly world: World;
  readonly outcome: Outcome;
  readonly run: Execution;
  /** Stacks of the wanted operations by their numbers. */
  readonly stacks: ReadonlyMap<number, readonly StackFrame[]>;
  /** What the captured variables of those operations had before them. */
  readonly values: ReadonlyMap<number, unknown>;
}

export interface WatchOptions {
  /** The last icount that is of interest. */
  readonly until: number;
  /** Numbers of operations whose stacks are wanted. */
  readonly stacksOf?: ReadonlySet<number>;
}

/** Runs the schedule `words`, watched. */
export function watchRun(
  loaded: LoadedProgram,
  spec: RunSpec,
  words: Int32Array,
  { until, stacksOf }: WatchOptions,
): WatchedRun {
  const stacks = new Map<number, readonly StackFrame[]>();
  const values = new Map<number, unknown>();
  const captured = new CapturedValues();
  let log: OperationLog | undefined;
  const observer: Observer = { failed: (outcome) => log?.failed(outcome) };
  const run = execute(
    loaded,
    { ...spec, budget: until + 1 },
    {
      strategy: new ReplayStrategy(words),
      checkpoints: false,
      ringRecords: RING_RECORDS,
      observer,
      created(w) {
        const watching = new OperationLog(w);
        log = watching;
        w.monitor = watching;
        w.variables ??= new Variables();
        w.watcher = watching;
        if (stacksOf === undefined) return;
        watching.heard = (operation, l) => {
          if (!stacksOf.has(operation.index)) return;
          stacks.set(operation.index, stackNow(operation, l, watching.error));
          if (operation.object instanceof Scope) {
            values.set(operation.index, captured.valueAt(operation.site));
          }
        };
      },
    },
  );
  if (log === undefined) throw new Error('the world was never made');
  log.settle();
  captured.close();
  return { log, world: run.world, outcome: run.outcome, run, stacks, values };
}

/** The events of a run's ring, for the timeline picture. */
export function eventsOfRun({ world, log }: WatchedRun): TimelineEvent[] {
  const recorded = eventsOf(world);
  if (recorded === undefined) return [];
  return decodeEvents(recorded, log.lwpNames).map((event) => ({ ...event, text: argsText(event) }));
}

/** A schedule without its directive number `index`. */
export function without(words: Int32Array, index: number): Int32Array {
  const rest = new Int32Array(words.length - DIRECTIVE_WORDS);
  rest.set(words.subarray(0, index * DIRECTIVE_WORDS));
  rest.set(words.subarray((index + 1) * DIRECTIVE_WORDS), index * DIRECTIVE_WORDS);
  return rest;
}

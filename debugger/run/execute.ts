/**
 * One run of a program in a fresh world.
 */

import { dirname } from 'node:path';
import {
  conclude,
  detectors,
  type HypercallRecord,
  type KernelOptions,
  type Monitor,
  type Observer,
  type Outcome,
  PctStrategy,
  type Program,
  type ProgramOptions,
  ReplayStrategy,
  Ring,
  runWorld,
  startProgram,
  type Strategy,
  World,
  WorldEnd,
} from '../../kernel/index.ts';
import { InputError } from '../errors.ts';
import { callersAt } from './callers.ts';
import { placeOfDropped } from './dropped.ts';
import { SeededHost } from './host.ts';
import type { LoadedProgram } from './load.ts';
import { budgetOf, makeStrategy, type RunSpec } from './spec.ts';

export interface ExecuteOptions {
  /** Default: the one that the spec names. */
  readonly strategy?: Strategy;
  readonly observer?: Observer;
  /** Events kept in the ring; 0 for no ring. */
  readonly ringRecords?: number;
  /** Answers of the host, for a replay. */
  readonly hypercalls?: readonly HypercallRecord[];
  readonly checkpoints?: boolean;
  /** Default: one of this run's own, whose files are closed after it. */
  readonly host?: SeededHost;
  /** Called with the world before its first kernel boots. */
  readonly created?: (w: World) => void;
  /** Called with the world before it runs, to set watches. */
  readonly prepare?: (w: World) => void;
  /** Who watches. Default: the detectors that the spec names. */
  readonly monitor?: Monitor;
  /** Instance of the program to run; default a new one. */
  readonly program?: Program;
}

export interface Execution {
  readonly world: World;
  readonly outcome: Outcome;
  /** Options after the spec's knobs were put over the program's. */
  readonly options: ProgramOptions;
  readonly console: string;
}

/** The options that hold: the spec's knobs over the program's. */
export function effectiveOptions(p: Program, spec: RunSpec): ProgramOptions {
  return { ...p.options, ...spec.knobs } as ProgramOptions & KernelOptions;
}

/**
 * The spec with the steps that PCT has to know measured: those of a run without priority changes.
 * Other strategies need nothing of the kind.
 */
export function calibrated(loaded: LoadedProgram, spec: RunSpec): RunSpec {
  if (spec.strategy !== 'pct' || spec.expectedSteps > 0) return spec;
  const flat = new PctStrategy(spec.seed, 1);
  execute(loaded, spec, { strategy: flat, checkpoints: false });
  return { ...spec, expectedSteps: Math.max(1, flat.steps) };
}

/** Boots a kernel, runs the program, and gives what came of it. */
export function execute(
  loaded: LoadedProgram,
  spec: RunSpec,
  options: ExecuteOptions = {},
): Execution {
  const p = options.program ?? loaded.instance();
  const effective = effectiveOptions(p, spec);
  const lines: string[] = [];
  const observer: Observer = {
    ...withConsole(options.observer ?? {}, lines),
    locate: (icount) =>
      placeOfDropped(
        icount,
        (watching) => repeatTo(loaded, spec, world, [icount, icount], watching),
        (path) => sourceText(loaded, path),
      ),
    callers: (icounts) =>
      callersAt(icounts, (from, to, watching) =>
        repeatTo(loaded, spec, world, [from, to], watching),
      ),
  };
  const host = options.host ?? ownHost(loaded, spec, observer);
  const world: World = new World({
    strategy: options.strategy ?? makeStrategy(spec),
    grain: spec.grain,
    budget: budgetOf(spec, p.options),
    host,
    observer,
    seed: spec.seed,
    checkpoints: options.checkpoints ?? true,
    monitor: options.monitor ?? detectorsOf(spec),
  });
  if (options.hypercalls !== undefined) {
    world.hypercalls.records = [...options.hypercalls];
    world.hypercalls.next = 0;
  }
  if (options.ringRecords !== undefined && options.ringRecords > 0) {
    world.ring = new Ring(options.ringRecords);
  }
  world.strategy.begin();
  options.created?.(world);
  let outcome: Outcome | undefined;
  try {
    bootProgram(world, { ...p, options: effective }, spec.args);
    options.prepare?.(world);
    outcome = runWorld(world);
  } finally {
    if (options.host === undefined) host.closeAll();
  }
  if (outcome === undefined) throw new InputError('the program waits for something outside of it');
  return { world, outcome, options: effective, console: lines.join('') };
}

function detectorsOf({ detectors: names, ending }: RunSpec): Monitor | undefined {
  return detectors(names, { ends: true, ending }) ?? undefined;
}

function ownHost(loaded: LoadedProgram, spec: RunSpec, observer: Observer): SeededHost {
  const host = new SeededHost(dirname(loaded.file), (text) => observer.console?.(text));
  host.reseed(spec.seed);
  return host;
}

/**
 * Boots the program's kernel. A panic while it boots ends the run like any other: runWorld() gives its outcome. An
 * exception of a component's boot function is a trap.
 */
export function bootProgram(w: World, p: Program, args: readonly string[]): void {
  try {
    startProgram(w, p, args);
  } catch (error) {
    if (error instanceof WorldEnd) return;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    conclude(w, 'trap', message, null, { error });
  }
}

/** The text of one of the program's modules; '' for the kernel's. */
function sourceText(loaded: LoadedProgram, path: string): string {
  return loaded.compiled.modules.find((module) => module.path === path)?.source ?? '';
}

/** Runs inside of another, for a place in that one. */
let repeats = 0;

/** Whether what runs is such a run, of which nobody is to see anything. */
export function isRepeating(): boolean {
  return repeats > 0;
}

/** Runs a world that still runs again, in another, watched for one icount, up to another. */
function repeatTo(
  loaded: LoadedProgram,
  spec: RunSpec,
  w: World,
  [from, to]: readonly [number, number],
  observer: Observer,
): void {
  repeats++;
  try {
    execute(
      loaded,
      { ...spec, budget: to + 1 },
      {
        strategy: new ReplayStrategy(w.directives.copy()),
        hypercalls: w.hypercalls.records,
        checkpoints: false,
        observer,
        prepare: (again) => {
          again.watchStop = from;
        },
      },
    );
  } finally {
    repeats--;
  }
}

function withConsole(observer: Observer, lines: string[]): Observer {
  return {
    ...observer,
    console(text) {
      lines.push(text);
      observer.console?.(text);
    },
  };
}

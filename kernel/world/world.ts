/**
 * World: one or many kernels, one clock, one icount, one scheduler over all their virtual CPUs.
 *
 * The record of everything that a run has besides its kernels. What it does is in the files beside
 * it: run.ts (the loop), schedule.ts (who runs next), timers.ts, outcome.ts.
 *
 * Invariants  A CPU is in `ready` exactly while it has a current LWP or a run queue.
 *             Exactly one LWP is loaded into the hooks while the world runs.
 */

import type { AccessListener } from '../accesses.ts';
import { type Controller, hooks, NEVER } from '../hooks.ts';
import type { Cpu } from '../kern/cpu.ts';
import { Kernel, type KernelConfig } from '../kern/kernel.ts';
import type { Lwp } from '../kern/lwp.ts';
import type { Ring } from '../trace/ring.ts';
import { HypercallLog } from '../rumpuser/hypercall.ts';
import type { Hypercalls } from '../rumpuser/rumpuser.ts';
import { Directives } from './directives.ts';
import type { Invariant } from './detect/invariant.ts';
import { lookFrom, type LoopLog } from './detect/loops.ts';
import type { ErrnoLog } from './errnolog.ts';
import { bothMonitors, type Monitor } from './monitor.ts';
import type { Outcome } from './outcome.ts';
import type { Report, ReportSide } from './report.ts';
import { QUANTUM } from './strategy/default.ts';
import type { Grain, Strategy } from './strategy/strategy.ts';
import { type Timer, TimerHeap } from './timers.ts';
import { Variables } from './variable.ts';

/** Nanoseconds of virtual time a count takes. */
export const NS_PER_COUNT = 10;
/** Counts between two checkpoints of the rolling digest, or more: one is taken when it changes. */
export const CHECKPOINT_COUNTS = 1 << 16;
/** Counts a run may take unless told otherwise: about a minute of host time. */
export const DEFAULT_BUDGET = 1_000_000_000;

/** A call whose MaySleep was dropped. */
export interface DroppedCall {
  /** As its source has it, without its arguments: `sys.mkdir()`; '' where that is not known. */
  readonly call: string;
  /** `file:line:column`. */
  readonly place: string;
}

/** What tools outside the kernel may watch; every method is optional and must not touch state. */
export interface Observer {
  /** The run failed; the stack of the running LWP is still there. */
  failed?(outcome: Outcome): void;
  /** The icount asked for with `World.watch` was reached at `site`. */
  reached?(icount: number, site: number): void;
  /** A line for the console. */
  console?(text: string): void;
  /** rumpuser_dprintf printed `text`, at a line of a module ('' and 0 where not instrumented). */
  dprintf?(text: string, path: string, lineBase1: number, icount: number): void;
  /** A MaySleep is being made, where `hooks.pending` was WATCHED. */
  made?(): void;
  /** What was made at this icount and dropped, by running the world once more up to it. */
  locate?(icount: number): DroppedCall | undefined;
  /** Where kmem(9) or pool(9) was called at these icounts, as `file:line`, in the same way. */
  callers?(icounts: readonly number[]): ReadonlyMap<number, string>;
  /** Checkpoint number `index` was taken, with the two lanes of the rolling digest. */
  checkpoint?(index: number, icount: number, digest0: number, digest1: number): void;
  /** A replay left its recording. */
  diverged?(what: string): void;
  /** An errno constant was evaluated (other than to compare it). */
  errnoMade?(error: unknown, site: number): void;
}

/** Looks at every statement, from the moment when it becomes `World.watcher`; see stops.ts. */
export interface Watcher {
  /** The statement at `site` is about to run; its icount is hooks.icount. Must not touch state. */
  statement(site: number): void;
}

/** Hears of each operation (Lwp.opKind, Lwp.op) that an LWP goes on to do. */
export interface Steps {
  step(l: Lwp): void;
}

export interface WorldOptions {
  readonly strategy: Strategy;
  readonly grain: Grain;
  /** Statements a run may take before it is a `timeout`. */
  readonly budget: number;
  readonly host: Hypercalls;
  readonly observer: Observer;
  /** Seed of the kernels' random numbers. */
  readonly seed: number;
  /** Whether checkpoints of the rolling digest are kept. */
  readonly checkpoints: boolean;
  /** Who watches what LWPs do to each other (monitor.ts). */
  readonly monitor?: Monitor;
  readonly steps?: Steps;
  /** A list to record into, for who runs many worlds; it is cleared. */
  readonly directives?: Directives;
  /** Variables to use again, for who runs many worlds with one strategy. */
  readonly variables?: Variables;
}

export class World {
  kernels: Kernel[] = [];
  /** All LWPs by number; a dead one leaves null. Entry 0 stays null. */
  lwps: (Lwp | null)[] = [null];
  options: WorldOptions;
  strategy: Strategy;
  directives: Directives;
  host: Hypercalls;
  hypercalls = new HypercallLog();
  observer: Observer;
  /** Event ring; null while nobody traces. */
  ring: Ring | null = null;
  /** What detectors found so far. */
  reports: Report[] = [];
  /** What must hold at every switch (detect/invariant.ts); null while there is nothing. */
  invariants: Invariant[] | null = null;
  /** Who freed what was freed (detect/freed.ts); null while nothing was. */
  freed: WeakMap<object, ReportSide> | null = null;
  /** Errno origins, noted as they are made. */
  errnos: ErrnoLog | null = null;

  /** Its answers to the hooks, made when it first runs. */
  controller: Controller | null = null;
  listener: AccessListener | null = null;
  monitor: Monitor | null;
  steps: Steps | null;
  /** What operations are about; null while nobody looks at them. */
  variables: Variables | null;

  // Registers (hooks.ts) while the world does not run.
  icount = 0;
  points = 0;
  accesses = 0;

  // Scheduling.
  /** CPUs with work, by `order`. */
  ready: Cpu[] = [];
  cpuCount = 0;
  /** The answer of the last question, until the loop takes it. */
  nextPick: Lwp | null = null;
  /** LWPs that are ready or running. */
  runnable = 0;
  /** hooks.points, accesses.count and hooks.icount at the last switch. */
  switchPoints = 0;
  switchAccesses = 0;
  switchIcount = 0;
  switches = 0;
  /** Faults that were chosen (fault.ts). */
  injected = 0;
  /** Questions asked while no LWP was current. */
  idlePoints = 0;
  /** Grain `statement`. */
  everyStatement: boolean;
  /** Grain `access`. */
  everyAccess: boolean;
  /** An interrupt waits for a generator to yield. */
  interruptPending = false;

  // Time.
  /** World time at icount 0, ns: what idling has added. */
  baseNs = 0;
  timers = new TimerHeap();

  // Stops, all in icounts.
  statementStop = NEVER;
  watchStop = NEVER;
  timerStop = NEVER;
  /** Shortly before the budget is spent: what runs then is looked at, to say where. */
  lookStop: number;
  loops: LoopLog | null = null;
  /** When the clock goes to the next timer, whatever its time; see fault.ts. */
  jumpStop = Number.MAX_SAFE_INTEGER;
  /** When to see whether the running LWP has used its quantum (strategy/default.ts). */
  quantumStop = QUANTUM;
  /** The nearest of these and the budget: hooks.stop, if nobody looked at every statement. */
  due = NEVER;
  /** Called at every statement; null while nobody looks. */
  watcher: Watcher | null = null;

  // The rolling digest.
  digest0 = 0x811c9dc5 | 0;
  digest1 = 0x2545f491;
  /** [icount, digest0, digest1]* */
  checkpoints: number[] = [];
  /** The icount from which on the next one is due. */
  checkpointStop: number;

  /** How the run ended; null while it goes on. */
  outcome: Outcome | null = null;
  /** The LWP whose return ends the run. */
  main: Lwp | null = null;
  /** Events from outside are expected: an idle world waits instead of being stuck. */
  expectsHost = false;

  constructor(options: WorldOptions) {
    this.options = options;
    this.strategy = options.strategy;
    this.everyStatement = options.grain === 'statement';
    this.everyAccess = options.grain === 'access';
    this.monitor = options.monitor ?? null;
    this.steps = options.steps ?? null;
    this.monitor = bothMonitors(options.monitor ?? null, options.strategy.monitor ?? null);
    const { looksAtOps, sharedOnly } = options.strategy;
    const looks = looksAtOps === true || (this.everyAccess && sharedOnly === true);
    this.variables = null;
    if (looks || this.monitor !== null) {
      this.variables = options.variables ?? new Variables();
      this.variables.begin();
    }
    this.lookStop = lookFrom(options.budget);
    this.host = options.host;
    this.observer = options.observer;
    this.directives = options.directives ?? new Directives();
    this.directives.clear();
    this.checkpointStop = options.checkpoints ? CHECKPOINT_COUNTS : Number.MAX_SAFE_INTEGER;
    this.monitor?.begin(this);
  }
}

/** World time, ns, at the given icount. */
export function worldTimeNs(w: World, icount: number): number {
  return w.baseNs + icount * NS_PER_COUNT;
}

/** Adds a kernel. Nothing of it runs yet. */
export function newKernel(w: World, name: string, config: KernelConfig): Kernel {
  const k = new Kernel(w, w.kernels.length, name, config, w.cpuCount);
  w.cpuCount += config.ncpu;
  w.kernels.push(k);
  return k;
}

/** Mixes a word into the rolling digest: two lanes of FNV-1a with different multipliers. */
export function digestMix(w: World, word: number): void {
  w.digest0 = Math.imul(w.digest0 ^ word, 0x01000193);
  w.digest1 = Math.imul((w.digest1 ^ word) + 0x7f4a7c15, 0x85ebca6b) ^ (w.digest1 >>> 15);
  if (hooks.icount >= w.checkpointStop) checkpoint(w);
}

function checkpoint(w: World): void {
  const { icount } = hooks;
  const { digest0, digest1 } = w;
  const index = w.checkpoints.length / 3;
  w.checkpoints.push(icount, digest0, digest1);
  w.checkpointStop = (Math.floor(icount / CHECKPOINT_COUNTS) + 1) * CHECKPOINT_COUNTS;
  w.observer.checkpoint?.(index, icount, digest0, digest1);
}

/** The rolling digest as 16 hex digits. */
export function digestText(w: World): string {
  return hex(w.digest0) + hex(w.digest1);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

export type { Timer };

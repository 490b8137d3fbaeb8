/**
 * `rumpus core analyze`: one screen that says what happened, where, to whom, and what to do next.
 *
 * What  the verdict and its sentence.  Where  the culprit: the first frame that is not how a
 * failure is announced (panic, KASSERT) or a primitive (mutex_enter, cv_wait, syscall), with its
 * line and the values in it.  Who  the system call the LWP was in; for a deadlock, the cycle
 * with each of its LWPs' own lines; for a lost wakeup, the sleepers.
 *
 * All of it comes from the file; nothing is run.
 */

import { EV_LOCK_ACQUIRE } from '../../kernel/index.ts';
import type { RecordedEvents } from '../recording/types.ts';
import { findCycles } from './query/cycles.ts';
import { describe } from './query/values.ts';
import { type BacktraceFrame, backtraceOf } from './text/bt.ts';
import type { Core, CoreLwp, WaitEdge } from './types.ts';

export interface AnalyzeOptions {
  /** The file's name, for the commands that are proposed. */
  readonly file?: string;
  /** Formats the event record that begins at word `at`, in a line (tracer/trace decodes events). */
  readonly eventLine?: (events: RecordedEvents, at: number) => string;
  /** Events shown. */
  readonly events?: number;
}

/** An LWP that the verdict is about. */
export interface Involved {
  readonly lwp: number;
  /** Who it is and what it does, as a line. */
  readonly title: string;
  /** The system call that it is in, with arguments; '' outside. */
  readonly syscall: string;
  /** The frame to look at first; undefined when its stack is not known. */
  readonly culprit: BacktraceFrame | undefined;
  /** Number of that frame in the LWP's stack. */
  readonly culpritIndex: number;
  /** The frames that called it, innermost first. */
  readonly callers: readonly BacktraceFrame[];
}

/** Plain data: what `--json` prints. */
export interface Analysis {
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  /** The LWP that ran, or the first that the verdict is about. */
  readonly main: Involved | undefined;
  readonly others: readonly Involved[];
  readonly cycle: readonly WaitEdge[];
  /** Icounts at which LWPs of the cycle took the locks that others wait for, where events say. */
  readonly taken: readonly Taken[];
  /** The last events of the LWPs involved, oldest first. */
  readonly events: readonly string[];
  readonly warnings: readonly string[];
  /** Commands that reproduce it, and what to look at next. */
  readonly reproduce: readonly string[];
  readonly next: readonly string[];
}

export interface Taken {
  readonly lwp: number;
  readonly lock: string;
  readonly icount: number;
}

const EVENTS_SHOWN = 4;

/** Files whose functions announce failures or wait on behalf of their callers. */
const PRIMITIVES = new RegExp(
  '^rumpus/kernel/kern/(?:subr_prf|subr_lockdebug|kern_mutex|kern_rwlock|kern_condvar|' +
    'kern_sleepq|kern_lwp|syscall|atomic)\\.ts$',
);

/** The frame that a person would look at first. */
export function culpritOf(frames: readonly { readonly path: string }[]): number {
  const found = frames.findIndex(({ path }) => !PRIMITIVES.test(path));
  return found < 0 && frames.length > 0 ? frames.length - 1 : found;
}

export function analyze(core: Core, options: AnalyzeOptions = {}): Analysis {
  const lwps = involvedIn(core);
  const [main, ...others] = lwps.map((l) => involvedOf(core, l));
  const cycle = cycleAmong(core);
  const file = options.file ?? 'FILE';
  return {
    verdict: core.verdict,
    message: core.message,
    icount: core.icount,
    virtualTimeNs: core.virtualTimeNs,
    main,
    others,
    cycle,
    taken: takenIn(core, cycle),
    events: lastEvents(core, new Set(lwps.map((l) => l.id)), options),
    warnings: core.warnings,
    reproduce: [`rumpus replay ${file}`],
    next: nextSteps(core, lwps[0], file),
  };
}

function involvedOf(core: Core, l: CoreLwp): Involved {
  const { lwp, title, syscall, frames } = backtraceOf(core, l);
  const culpritIndex = culpritOf(frames);
  const culprit = frames[culpritIndex];
  return { lwp, title, syscall, culprit, culpritIndex, callers: frames.slice(culpritIndex + 1) };
}

const JOINS = new Set(['lwpwait', 'wait']);

/** Whether a sleep only waits for other LWPs: it is stuck because those are. */
export function waitsForLwps(wmesg: string): boolean {
  return JOINS.has(wmesg);
}

/** The LWP that ran first, then the others that the verdict is about; who only joins comes last. */
function involvedIn(core: Core): CoreLwp[] {
  const lwps = core.lwps();
  const joins = (id: number) => waitsForLwps(lwps.find((l) => l.id === id)?.wmesg ?? '');
  const about = [...core.about].sort((a, b) => Number(joins(a)) - Number(joins(b)));
  const wanted = core.verdict === 'lost-wakeup' ? about : [core.lwp, ...about];
  const chosen = [...new Set(wanted)].map((id) => lwps.find((l) => l.id === id));
  const known = chosen.filter((l) => l !== undefined);
  const current = lwps.find((l) => l.current);
  return known.length === 0 && current !== undefined ? [current] : known;
}

/** The deadlock that the verdict is about, or another that is there; from the LWP that ran. */
function cycleAmong(core: Core): readonly WaitEdge[] {
  const cycles = findCycles(core.waits());
  const found = cycles.find((cycle) => cycle.some(({ waiter }) => waiter === core.lwp));
  const cycle = found ?? cycles[0] ?? [];
  const start = cycle.findIndex(({ waiter }) => waiter === core.lwp);
  return start <= 0 ? cycle : [...cycle.slice(start), ...cycle.slice(0, start)];
}

function takenIn(core: Core, cycle: readonly WaitEdge[]): Taken[] {
  return cycle.flatMap(({ lock, holder }) => {
    const icount = lastAcquire(core, holder, lock);
    return icount === undefined ? [] : [{ lwp: holder, lock, icount }];
  });
}

function lastAcquire({ events }: Core, lwp: number, lock: string): number | undefined {
  if (events === undefined || events.recordWords < 8) return undefined;
  const { records, strings, recordWords } = events;
  for (let at = lastRecord(events); at >= 0; at -= recordWords) {
    if ((records[at + 2] & 0xff) !== EV_LOCK_ACQUIRE || records[at + 3] !== lwp) continue;
    if (strings[records[at + 4]] === lock) return icountAt(records, at);
  }
  return undefined;
}

function lastRecord({ records, recordWords }: RecordedEvents): number {
  return (Math.floor(records.length / recordWords) - 1) * recordWords;
}

function icountAt(records: Int32Array, at: number): number {
  return records[at + 1] * 0x100000000 + (records[at] >>> 0);
}

function lastEvents(core: Core, ids: ReadonlySet<number>, options: AnalyzeOptions): string[] {
  const { events } = core;
  const { eventLine, events: most = EVENTS_SHOWN } = options;
  if (events === undefined || eventLine === undefined || events.recordWords < 8) return [];
  const lines: string[] = [];
  for (let at = lastRecord(events); at >= 0 && lines.length < most; at -= events.recordWords) {
    if (ids.has(events.records[at + 3])) lines.unshift(eventLine(events, at));
  }
  return lines;
}

/** What to look at, by the verdict. */
function nextSteps(core: Core, main: CoreLwp | undefined, file: string): string[] {
  const steps: string[] = [];
  const ids = core.about.length > 1 ? ` ${core.about.join(' ')}` : '';
  steps.push(`rumpus core bt ${file}${ids}`);
  if (core.message.startsWith('SysError:')) steps.push(`rumpus why ${file}`);
  const print = printStep(core, main, file);
  switch (core.verdict) {
    case 'deadlock':
    case 'lock-order':
      steps.push(`rumpus core locks ${file}`);
      break;
    case 'lost-wakeup':
    case 'timeout':
    case 'watchdog':
      steps.push(`rumpus core ps ${file}`);
      break;
    default:
      if (print !== undefined) steps.push(print);
  }
  return steps;
}

/** Printing the first object in the culprit; what its line names comes first. */
function printStep(core: Core, main: CoreLwp | undefined, file: string): string | undefined {
  const frame = culpritOf(main?.frames ?? []);
  const culprit = main?.frames[frame];
  if (main === undefined || culprit === undefined) return undefined;
  const objects = culprit.locals.filter(({ value, scope }) => {
    const object = scope === 'local' ? core.graph?.deref(value) : undefined;
    return object !== undefined && object.size + [...object.fields()].length > 0;
  });
  const data = objects.filter(({ value }) => !describe(core, value).includes(' of functions'));
  const local = data.find(({ name }) => culprit.source.includes(name)) ?? data[0];
  if (local === undefined) return undefined;
  return `rumpus core print ${file} 'lwp[${main.id}].frames[${frame}].locals.${local.name}'`;
}

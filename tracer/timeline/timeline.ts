/**
 * Who ran on which CPU, and what happened there: the data of the timeline picture (svg.ts).
 *
 *   timelineOf(events, { icount: 1204, lastIcount: 9000, ncpu: 2 })
 *     runs   CPU 0: main#1 116–1,020 | CPU 1: reader#2 1,020–1,180 | CPU 0: main#1 1,180–…
 *     marks  lock:wait at 1,170 on CPU 1, errno at 1,203 on CPU 0, …
 *
 * One world runs one statement at a time, so a run is a stretch of icounts: from the first event of
 * an LWP on a CPU to the next event of another. Every switch leaves an event, so nothing is guessed.
 */

/** What the picture needs of an event; TraceEvent and the debugger's EventLine both have it. */
export interface TimelineEvent {
  readonly icount: number;
  readonly cpu: number;
  /** Number in its world; 0 for an interrupt or the boot path. */
  readonly lwp: number;
  readonly kind: string;
  readonly text?: string;
}

/** A stretch of time in which one LWP ran on one CPU. */
export interface TimelineRun {
  readonly cpu: number;
  readonly lwp: number;
  readonly name: string;
  /** First icount, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Something that happened at a moment. */
export interface TimelineMark {
  readonly icount: number;
  readonly cpu: number;
  readonly lwp: number;
  readonly kind: string;
  readonly text: string;
}

export interface Timeline {
  /** Where one stands. */
  readonly icount: number;
  /** Where the run, or what is known of it, ends. */
  readonly lastIcount: number;
  readonly ncpu: number;
  readonly runs: readonly TimelineRun[];
  readonly marks: readonly TimelineMark[];
}

/** The moment in whose picture one is interested. */
export interface TimelinePlace {
  readonly icount: number;
  readonly lastIcount: number;
  /** Virtual CPUs; those that the events name are shown in any case. */
  readonly ncpu?: number;
  /** Names of LWPs by number. */
  readonly names?: ReadonlyMap<number, string>;
}

/** Lanes at most: the number in an event of a stranger's file is anybody's. */
const CPUS_MAX = 256;

/** Kinds of events that are marked. Locks that were free are not news; waits are. */
const MARKED: ReadonlySet<string> = new Set([
  'syscall:enter',
  'sched:sleep',
  'sched:wakeup',
  'lock:wait',
  'irq',
  'bio:start',
  'errno',
  'dprintf',
  'lwp:create',
  'lwp:exit',
]);

/** The picture's data, of events from the oldest to the newest. */
export function timelineOf(events: readonly TimelineEvent[], place: TimelinePlace): Timeline {
  const known = events.filter(({ cpu }) => cpu >= 0 && cpu < CPUS_MAX);
  const cpus = known.reduce((most, { cpu }) => Math.max(most, cpu + 1), place.ncpu ?? 1);
  return {
    icount: place.icount,
    lastIcount: place.lastIcount,
    ncpu: Math.min(cpus, CPUS_MAX),
    runs: runsOf(known, place),
    marks: known.filter(({ kind }) => MARKED.has(kind)).map(markOf),
  };
}

function markOf({ icount, cpu, lwp, kind, text }: TimelineEvent): TimelineMark {
  return { icount, cpu, lwp, kind, text: text ?? kind };
}

function runsOf(events: readonly TimelineEvent[], place: TimelinePlace): TimelineRun[] {
  const runs: TimelineRun[] = [];
  let open: TimelineEvent | undefined;
  for (const event of events) {
    if (event.lwp === 0) continue;
    if (open !== undefined && open.lwp === event.lwp && open.cpu === event.cpu) continue;
    if (open !== undefined) runs.push(runFrom(open, event.icount, place));
    open = event;
  }
  if (open !== undefined) {
    const end = Math.max(place.icount, events[events.length - 1].icount) + 1;
    runs.push(runFrom(open, end, place));
  }
  return runs.filter(({ from, to }) => to > from);
}

function runFrom(event: TimelineEvent, to: number, { names }: TimelinePlace): TimelineRun {
  const { cpu, lwp, icount } = event;
  return { cpu, lwp, name: names?.get(lwp) ?? `LWP ${lwp}`, from: icount, to };
}

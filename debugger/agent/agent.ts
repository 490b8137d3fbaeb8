/**
 * The agent: runs the program in the target's process, again and again, as the debugger orders.
 *
 *   order {again, quietUntil, until, breakpoints, stop, find} ──▶ a run, or more of the present one
 *   a stop: `debugger` pauses the engine; while it is paused the debugger asks (questions.ts) and
 *   gives the next order; then it resumes the engine
 *
 * Going back is running again: the present world is doomed, unwinds by the throw that ends every
 * world, and a new one runs up to the icount that is wanted (DESIGN.md, decision 2).
 *
 * What must hold  Nothing here changes what a run does: statements are only looked at, conditions
 * and evaluations are not counted, and the host answers once (timeline.ts).
 */

import type { Debugger } from 'node:inspector';
import { Inspector } from '../../corefiles/index.ts';
import {
  current,
  hooks,
  type Observer,
  type Outcome,
  Ring,
  setStop,
  siteTable,
  type World,
  worldTimeNs,
} from '../../kernel/index.ts';
import { type Execution, execute } from '../run/execute.ts';
import type { LoadedProgram } from '../run/load.ts';
import { sourceView } from '../run/view.ts';
import {
  type Breakpoint,
  type BreakpointRequest,
  type ExceptionRequest,
  type SourcePlace,
  type Stop,
  type StopReason,
  TargetError,
} from '../target/target.ts';
import { type Armed, Breakpoints, placeOf } from './breakpoints.ts';
import { History } from './history.ts';
import {
  type Intervention,
  type Notice,
  NOTIFY,
  type Order,
  type Rule,
  type Start,
  type Where,
} from './protocol.ts';
import { DEPTH_OF_FRAME, currentDepth, matcherOf } from './rules.ts';
import { SiteFlags } from './siteflags.ts';
import { Stacks } from './stacks.ts';
import { endDiverged, type Timeline } from './timeline.ts';
import { StatementWatcher } from './watcher.ts';

/** Events kept of what happened last. */
const RING_RECORDS = 8192;
/** Statements before `until` that are noted, for steps back from there. */
const NOTED_BEFORE = 4096;

/** The outcome of a world that is given up, to run again. */
const DOOMED: Outcome = {
  verdict: 'passed',
  message: '',
  icount: 0,
  virtualTimeNs: 0,
  lwp: 0,
  site: 0,
  lwps: [],
  error: undefined,
};

/** Before the first statement. */
const BEGINNING: Start = { icount: -1, lwp: 0, depth: 0, site: 0, points: 0 };

const NO_PLACE: SourcePlace = { path: '', lineBase1: 0, columnBase0: 0 };

/** What is said about a stop; the rest follows from where the world stands. */
interface StopDetails {
  readonly reason: StopReason;
  readonly description?: string;
  readonly breakpoints?: readonly number[];
  readonly inside?: boolean;
  readonly site?: number;
  readonly outcome?: Stop['outcome'];
  readonly change?: Stop['change'];
}

export class Agent {
  readonly loaded: LoadedProgram;
  readonly timeline: Timeline;
  readonly flags = new SiteFlags();
  readonly breakpoints: Breakpoints;
  readonly inspector = new Inspector();
  readonly stacks: Stacks;
  readonly #history = new History();
  readonly #watcher: StatementWatcher;
  /** The world that runs; null between runs. */
  world: World | null = null;
  /** The run that ended last, for its recording. */
  finished: Execution | null = null;
  exceptions: ExceptionRequest = {};
  /** Forgets what belongs to a stop; set by those who keep something. */
  onMove: () => void = () => {};
  #order: Order | null = null;
  /** An order to run again, until its run begins. */
  #pending: Order | null = null;
  #start: Start = { icount: 0, lwp: 0, depth: 0, site: 0, points: 0 };
  #stop: Stop | null = null;
  #found = -1;
  #foundAs: Where['foundAs'] = null;
  /** What the present run has said so far. */
  consoleText = '';
  /** Console lines up to this icount have been shown. */
  #shownUntil = -1;
  /** Pauses once more, for frames as they are after a write. */
  repause = false;

  constructor(
    loaded: LoadedProgram,
    timeline: (print: (text: string) => void) => Timeline,
    exact: boolean,
  ) {
    this.loaded = loaded;
    this.timeline = timeline((text) => this.#console(text));
    const inspector = this.inspector;
    this.breakpoints = new Breakpoints(this.flags, engineBreakpoints(inspector));
    this.stacks = new Stacks(this.flags, inspector, sourceView(loaded), exact);
    inspector.onPaused((params) => this.#enginePaused(params));
    this.#watcher = new StatementWatcher(this.flags, this.#history, {
      atBreakpoint: (site) => this.#atBreakpoint(site),
      matched: (icount) => this.#matched(icount),
      each: null,
    });
  }

  /** Runs until the process ends; the first order is there. */
  loop(): void {
    for (;;) {
      const order = this.#pending;
      if (order === null) {
        this.#park();
        continue;
      }
      this.#pending = null;
      this.#order = order;
      this.#run();
    }
  }

  #run(): void {
    this.consoleText = '';
    this.#history.clear();
    this.breakpoints.reset();
    this.#counted = this.breakpoints.counting;
    this.flags.refresh();
    this.#found = -1;
    this.#foundAs = null;
    this.#start = BEGINNING;
    try {
      const run = this.#execute();
      if (run.outcome !== DOOMED) this.#ended(run);
    } catch (error) {
      this.#failed(error);
    }
  }

  #execute(): Execution {
    const { loaded, timeline } = this;
    return execute(loaded, timeline.spec, {
      host: timeline.host,
      strategy: timeline.strategy(
        (what) => this.world !== null && endDiverged(this.world, what),
        (lwp) => this.#blocked(lwp),
      ),
      observer: this.#observer(),
      created: (w) => {
        this.world = w;
        w.ring = new Ring(RING_RECORDS);
        timeline.prepare(w);
        this.#arm(w);
      },
    });
  }

  #observer(): Observer {
    return {
      reached: (icount) => this.#reached(icount),
      failed: (outcome) => this.#verdict(outcome),
      errnoMade: (error, site) => this.#errno(error, site),
      dprintf: (text, path, lineBase1, icount) => {
        const place = { path, lineBase1, columnBase0: 0 };
        this.#output('dprintf', text, icount, place);
      },
      diverged: (what) => this.world !== null && endDiverged(this.world, what),
    };
  }

  #ended(run: Execution): void {
    this.finished = run;
    this.world = null;
    if (this.#pending !== null) return;
    const { verdict, message, icount } = run.outcome;
    this.#stop = {
      ...this.#standing(run.world, icount, 0, 0),
      reason: 'end',
      description: message === '' ? verdict : `${verdict}: ${message}`,
      outcome: { verdict, message, icount },
    };
  }

  /** The run could not be made, or waits for something outside of it. */
  #failed(error: unknown): void {
    const w = this.world;
    this.world = null;
    const description = error instanceof Error ? error.message : String(error);
    const icount = w?.icount ?? 0;
    const outcome = { verdict: 'program-error', message: description, icount };
    this.#stop = { ...this.#standing(w, icount, 0, 0), reason: 'end', description, outcome };
  }

  // Orders.

  /** What is to be done when the engine is resumed. */
  order(order: Order): void {
    this.onMove();
    this.stacks.clear();
    const w = this.world;
    this.timeline.endAlone(this.#stop?.icount ?? 0);
    if (order.only !== 0 && this.#stop !== null) {
      this.timeline.runAlone(order.only, this.#stop.icount);
    }
    if (order.again || w === null) {
      this.#pending = order;
      if (w !== null && w.outcome === null) {
        w.outcome = DOOMED;
        hooks.stop = hooks.icount + 1;
        hooks.pointStop = hooks.points + 1;
      }
      return;
    }
    this.#order = order;
    this.#found = -1;
    this.#foundAs = null;
    this.#start = this.startOf(order.stop) ?? BEGINNING;
    this.#arm(w);
    if (w.outcome === null) setStop(w);
    if (order.only !== 0) hooks.pointStop = hooks.points + 1;
  }

  /** Where the LWP that a rule is about stands now. */
  startOf(rule: Rule | null): Start | null {
    const w = this.world;
    if (w === null) return null;
    const icount = this.#stop?.icount ?? hooks.icount;
    const points = hooks.points;
    const id = rule !== null && 'lwp' in rule ? rule.lwp : (current.lwp?.id ?? 0);
    const l = w.lwps[id] ?? null;
    if (l === null || l === current.lwp) {
      return { icount, lwp: id, depth: currentDepth(), site: this.stacks.site, points };
    }
    return { icount, lwp: id, depth: l.fp * DEPTH_OF_FRAME, site: l.site, points };
  }

  /** Sets the world's stops for the present order. */
  #arm(w: World): void {
    const order = this.#order as Order;
    const until = order.until ?? Number.MAX_SAFE_INTEGER;
    const rule = order.stop ?? order.find;
    const start = order.start ?? this.#start;
    this.#watcher.matcher = rule === null ? null : (matcherOf(rule, start, this.flags) ?? null);
    this.#watcher.activeFrom = order.quietUntil;
    const looks = this.#watcher.matcher !== null || (order.breakpoints && this.breakpoints.any);
    const noted = order.until === null ? until : Math.max(0, until - NOTED_BEFORE);
    const from = Math.min(looks ? order.quietUntil : until, noted);
    const now = this.breakpoints.counting || from <= hooks.icount;
    w.watcher = now ? this.#watcher : null;
    w.watchStop = now ? until : from;
  }

  #reached(icount: number): void {
    const w = this.world as World;
    const order = this.#order as Order;
    const until = order.until ?? Number.MAX_SAFE_INTEGER;
    w.watcher = this.#watcher;
    w.watchStop = until;
    if (icount >= until) this.#stopAt({ reason: 'goto' });
  }

  /** Statements before here that a rule finds. */
  findBack(rule: Rule): number {
    const start = this.startOf(rule);
    if (start === null) return -1;
    const matcher = matcherOf(rule, start, this.flags);
    return matcher === undefined ? -1 : this.#history.find(matcher, start.icount);
  }

  // What happens while it runs.

  #blockedLwp = 0;
  /** Hits of this run have been counted from its beginning. */
  #counted = false;

  get #active(): boolean {
    const order = this.#order;
    return order !== null && hooks.icount >= order.quietUntil && hooks.icount > this.#start.icount;
  }

  #atBreakpoint(site: number): void {
    const met = this.breakpoints.metAt(site);
    if (met.length > 0 && this.#order?.breakpoints === true) this.#hit(met, site);
  }

  /** One of the engine's breakpoints; true pauses the engine there. */
  atEngineBreakpoint(
    id: number,
    condition: (() => unknown) | null,
    message: (() => string) | null,
  ): boolean {
    if (this.world === null || this.world.outcome !== null) return false;
    hooks.pause(0, 0);
    try {
      const armed = this.breakpoints.met(id, condition);
      if (armed === undefined) return false;
      const icount = hooks.printIcount();
      if (message !== null) {
        this.#output('log', `${message()}\n`, icount, armed.place);
        return false;
      }
      return this.#engineHit(armed, icount);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#output('log', `breakpoint condition: ${text}\n`, hooks.printIcount(), null);
      return false;
    } finally {
      hooks.resume();
    }
  }

  #engineHit(armed: Armed, icount: number): boolean {
    const order = this.#order;
    if (order === null || !order.breakpoints) return false;
    if (icount < order.quietUntil || icount <= this.#start.icount) return false;
    const details = this.#detailsOf([armed], 0);
    if (order.find !== null) {
      this.#noteFound(details, icount);
      return false;
    }
    this.#stop = this.#describe(this.world as World, details, icount);
    return true;
  }

  #hit(met: readonly Armed[], site: number): void {
    if (!this.#active) return;
    const details = this.#detailsOf(met, site);
    if (this.#order?.find?.kind === 'breakpoints') this.#noteFound(details, hooks.icount);
    else if (this.#order?.find === null) this.#stopAt(details);
  }

  #noteFound({ reason, breakpoints, description }: StopDetails, icount: number): void {
    this.#found = icount;
    this.#foundAs = { reason, breakpoints: breakpoints ?? [], description: description ?? '' };
  }

  #detailsOf(met: readonly Armed[], site: number): StopDetails {
    const isFunction = met.every((one) => one.isFunction);
    return {
      reason: isFunction ? 'function breakpoint' : 'breakpoint',
      breakpoints: met.map(({ request }) => request.id),
      site,
    };
  }

  #matched(icount: number): void {
    const order = this.#order as Order;
    if (order.find !== null) this.#found = icount;
    else this.#stopAt({ reason: reasonOf(order.stop) });
  }

  /** The LWP that was to run alone sleeps. */
  #blocked(lwp: number): void {
    const w = this.world;
    if (w === null || !this.#active) return;
    this.timeline.endAlone(hooks.icount);
    this.#blockedLwp = lwp;
    this.#stopNext(w, 'blocked');
    setStop(w);
  }

  /** Stops at the next statement, whatever else was ordered. */
  #stopNext(w: World, reason: 'pause' | 'blocked'): void {
    const order = this.#order as Order;
    const stop: Rule = { kind: 'next', reason };
    this.#order = { ...order, stop, find: null, until: null, quietUntil: 0 };
    this.#start = { ...this.#start, icount: hooks.icount };
    this.#watcher.matcher = matcherOf(stop, this.#start, this.flags) ?? null;
    this.#watcher.activeFrom = 0;
    w.watcher = this.#watcher;
  }

  #errno(error: unknown, site: number): void {
    const { errnos } = this.exceptions;
    if (errnos === undefined || errnos.length === 0 || !this.#active) return;
    const name = (error as { code?: string }).code ?? '';
    if (errnos !== 'all' && !errnos.includes(name)) return;
    const order = this.#order as Order;
    if (!order.breakpoints) return;
    const details: StopDetails = {
      ...{ reason: 'errno', description: `${name} was made here`, inside: true, site },
    };
    if (order.find !== null) this.#noteFound(details, hooks.icount);
    else this.#stopAt(details);
  }

  #verdict(outcome: Outcome): void {
    const order = this.#order as Order;
    const { verdict, message, icount } = outcome;
    const wanted = this.exceptions.verdicts;
    if (order.find !== null || (wanted !== undefined && !wanted.includes(verdict))) return;
    this.#stopAt({
      reason: 'verdict',
      description: `${verdict}: ${message}`,
      inside: true,
      outcome: { verdict, message, icount },
    });
  }

  // Stopping.

  #stopAt(details: StopDetails): void {
    const w = this.world as World;
    if (w.outcome === DOOMED) return;
    this.#stop = this.#describe(w, details, hooks.icount);
    this.stacks.site = details.inside ? 0 : (details.site ?? hooks.site);
    this.#park();
  }

  #describe(w: World, details: StopDetails, icount: number): Stop {
    const lwp = current.lwp?.id ?? 0;
    return {
      ...this.#standing(w, icount, lwp, details.site ?? hooks.site),
      reason: details.reason,
      description: details.description ?? this.#descriptionOf(details.reason),
      inside: details.inside ?? false,
      breakpoints: details.breakpoints ?? [],
      change: details.change ?? null,
      outcome: details.outcome ?? null,
    };
  }

  #descriptionOf(reason: StopReason): string {
    if (reason !== 'blocked') return '';
    return `LWP ${this.#blockedLwp} sleeps, and the others were held`;
  }

  #standing(w: World | null, icount: number, lwp: number, site: number): Stop {
    const position = siteTable.position(site);
    return {
      reason: 'pause',
      icount,
      virtualTimeNs: w === null ? 0 : worldTimeNs(w, icount),
      lwp,
      place: position === undefined ? NO_PLACE : placeOf(position),
      description: '',
      inside: false,
      breakpoints: [],
      change: null,
      outcome: null,
      diverted: icount >= this.timeline.divertedFrom,
    };
  }

  /** Pauses the engine until the debugger resumes it. */
  #park(): void {
    this.#shownUntil = Math.max(this.#shownUntil, this.#stop?.icount ?? 0);
    do {
      this.repause = false;
      // biome-ignore lint/suspicious/noDebugger: this is how the target stops.
      debugger;
    } while (this.repause);
  }

  #enginePaused({ callFrames, reason }: Debugger.PausedEventDataType): void {
    this.stacks.clear();
    this.stacks.callFrames = callFrames;
    if (reason === 'exception') this.#thrown();
  }

  #thrown(): void {
    const w = this.world;
    if (w === null || w.outcome !== null) return;
    this.#stop = this.#describe(w, { reason: 'throw', inside: true }, hooks.icount);
    this.stacks.site = 0;
  }

  /** The debugger had the engine stop anywhere: the next statement is where it stops. */
  interrupt(): boolean {
    const w = this.world;
    if (w === null || w.outcome !== null) return false;
    this.#stopNext(w, 'pause');
    hooks.stop = hooks.icount + 1;
    return true;
  }

  setBreakpoints(requests: readonly BreakpointRequest[]): Breakpoint[] {
    const set = this.breakpoints.set(requests);
    this.#counted = false;
    if (this.world !== null) this.#arm(this.world);
    return set;
  }

  /** Hits are counted from the beginning, and were not so far. */
  mustCount(): boolean {
    return this.breakpoints.counting && !this.#counted;
  }

  interventions(): readonly Intervention[] {
    return this.timeline.interventions;
  }

  setExceptions(request: ExceptionRequest): void {
    this.exceptions = request;
  }

  setSkip(patterns: readonly string[]): void {
    this.flags.setSkip(patterns);
  }

  /** The user wrote something: every later run does so too. */
  intervene(intervention: Intervention): void {
    const w = this.world;
    if (w === null) throw new TargetError('the run is over: nothing can be written');
    this.timeline.intervene(w, intervention);
    if (this.#stop !== null) this.#stop = { ...this.#stop, diverted: true };
  }

  where(): Where {
    if (this.#stop === null) throw new Error('nothing has run yet');
    const over = this.world === null;
    return { stop: this.#stop, found: this.#found, foundAs: this.#foundAs, over };
  }

  // Output.

  #console(text: string): void {
    this.consoleText += text;
    this.#output('console', text, hooks.icount, null);
  }

  #output(
    kind: 'console' | 'dprintf' | 'log',
    text: string,
    icount: number,
    place: SourcePlace | null,
  ): void {
    if (icount <= this.#shownUntil) return;
    const lwp = current.lwp?.id ?? 0;
    notify({ kind: 'output', line: { kind, text, icount, lwp, place } });
  }
}

function reasonOf(rule: Rule | null): StopReason {
  if (rule?.kind === 'main') return 'entry';
  return rule?.kind === 'next' ? rule.reason : 'step';
}

/** Tells the debugger something that it did not ask for. */
export function notify(notice: Notice): void {
  const scope = globalThis as Record<string, unknown>;
  const binding = scope[NOTIFY] as ((text: string) => void) | undefined;
  binding?.(JSON.stringify(notice));
}

function engineBreakpoints(inspector: Inspector) {
  return {
    set(file: string, lineNumber: number, columnNumber: number, condition: string) {
      const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const request = { urlRegex: `${escaped}$`, lineNumber, columnNumber, condition };
      const { breakpointId, locations } = inspector.post(
        'Debugger.setBreakpointByUrl',
        request,
      ) as Debugger.SetBreakpointByUrlReturnType;
      if (locations.length > 0) return breakpointId;
      inspector.post('Debugger.removeBreakpoint', { breakpointId });
      return undefined;
    },
    remove(breakpointId: string) {
      inspector.post('Debugger.removeBreakpoint', { breakpointId });
    },
  };
}

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
 *
 * Length  All that the world, the engine and the debugger call during a run, so that its order can be
 *         followed; what they decide is in pursuit.ts, standing.ts, throws.ts and data/.
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
  type World,
} from '../../kernel/index.ts';
import { type Execution, execute, isRepeating } from '../run/execute.ts';
import type { LoadedProgram } from '../run/load.ts';
import { sourceView } from '../run/view.ts';
import {
  type Breakpoint,
  type BreakpointRequest,
  type ExceptionRequest,
  type StopReason,
  TargetError,
} from '../target/target.ts';
import { Data, setAll } from './data/index.ts';
import { type Armed, Breakpoints, type InFrame, variables } from './breakpoints.ts';
import { engineBreakpoints } from './engine.ts';
import { errnoStop, verdictStop } from './exceptions.ts';
import { Output } from './output.ts';
import type { Arrival, Intervention, Order, Rule, Start, Where } from './protocol.ts';
import { SiteFlags } from './siteflags.ts';
import { Stacks } from './stacks.ts';
import { detailsOf, Standing, type StopDetails } from './standing.ts';
import { endDiverged, type Timeline } from './timeline.ts';
import { type AfterThrow, thrownLine, Throws } from './throws.ts';
import { BEGINNING, Pursuit, stopsAnew } from './pursuit.ts';

/** Events kept of what happened last. */
const RING_RECORDS = 8192;
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

/** A run that nothing stops. */
const FREE: Order = {
  again: true,
  quietUntil: Number.MAX_SAFE_INTEGER,
  until: null,
  breakpoints: false,
  stop: null,
  find: null,
  start: null,
  only: 0,
  throws: null,
};

export class Agent {
  readonly loaded: LoadedProgram;
  readonly timeline: Timeline;
  readonly flags = new SiteFlags();
  readonly breakpoints: Breakpoints;
  readonly inspector = new Inspector();
  readonly stacks: Stacks;
  readonly output = new Output();
  readonly standing: Standing;
  readonly data = new Data(this);
  readonly #throws: Throws;
  readonly #pursuit: Pursuit;
  /** The world that runs; null between runs. */
  world: World | null = null;
  /** The run that ended last, for its recording. */
  finished: Execution | null = null;
  exceptions: ExceptionRequest = {};
  /** Why the last run could not be made; null when it was. */
  failure: unknown = null;
  /** A debugger is there. Without one nothing stops, and the end of a run is the end. */
  attached = true;
  /** Forgets what belongs to a stop; set by those who keep something. */
  onMove: () => void = () => {};
  /** An order to run again, until its run begins. */
  #pending: Order | null = null;
  /** The throw that ended the run, among those collected; -1 for none. */
  #culprit = -1;
  /** Hits of this run have been counted from its beginning. */
  #counted = false;

  constructor(
    loaded: LoadedProgram,
    timeline: (print: (text: string) => void) => Timeline,
    exact: boolean,
  ) {
    this.loaded = loaded;
    this.timeline = timeline((text) => this.output.console(text));
    const inspector = this.inspector;
    this.breakpoints = new Breakpoints(this.flags, engineBreakpoints(inspector));
    this.stacks = new Stacks(this.flags, inspector, sourceView(loaded), exact);
    this.standing = new Standing(this.timeline, this.stacks, this.output);
    this.#throws = new Throws(inspector);
    inspector.onPaused((params) => this.#enginePaused(params));
    this.#pursuit = new Pursuit(this.flags, this.breakpoints, this.standing, {
      atBreakpoint: (site) => this.#atBreakpoint(site),
      matched: (icount) => this.#matched(icount),
      each: (icount) => this.#each(icount),
      compares: () => this.data.compares,
    });
  }

  /** Runs as is ordered, for as long as there is an order, or somebody who may give one. */
  loop(): void {
    for (;;) {
      const order = this.#pending;
      if (order !== null) {
        this.#pending = null;
        this.#pursuit.begin(order);
        this.#run();
      } else if (this.attached) {
        this.standing.park();
      } else {
        return;
      }
    }
  }

  /** A debugger has come: whatever runs stops at its next statement. */
  attach(): Arrival {
    this.attached = true;
    this.halt();
    return { pid: process.pid, isBegun: this.#pending !== null || this.#pursuit.order !== null };
  }

  /** Has what runs stop at its next statement, and what is about to run at its first. */
  halt(): void {
    if (this.#pending !== null) this.#pending = { ...FREE, quietUntil: 0, stop: { kind: 'main' } };
    else this.interrupt();
  }

  /** No debugger is there any more: the run goes on to its end, and nothing stops it. */
  leave(): void {
    this.attached = false;
    this.onMove();
    this.data.set([]);
    this.data.release();
    this.stacks.clear();
    this.exceptions = {};
    this.breakpoints.set([]);
    const w = this.world;
    if (this.#pending !== null || this.#pursuit.order === null) {
      this.timeline.forget(-1);
      this.#pending = FREE;
    } else if (w !== null) {
      this.timeline.forget(hooks.icount);
      this.timeline.endAlone(hooks.icount);
      this.standing.begin();
      this.#pursuit.order = FREE;
      this.#arm(w);
      if (w.outcome === null) stopsAnew(w);
    }
  }

  #run(): void {
    this.output.begin();
    this.failure = null;
    this.breakpoints.reset();
    this.#counted = this.breakpoints.counting;
    this.flags.refresh();
    this.standing.begin();
    this.data.begin();
    this.#throws.begin();
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
      console: (text) => this.output.console(text),
      dprintf: (text, path, lineBase1, icount) => {
        this.output.dprintf(text, icount, { path, lineBase1, columnBase0: 0 });
      },
      diverged: (what) => this.world !== null && endDiverged(this.world, what),
    };
  }

  #ended(run: Execution): void {
    this.finished = run;
    this.world = null;
    if (this.#pending !== null) return;
    this.standing.end(run.world, this.timeline.asRecorded(run.outcome));
  }

  /** The run could not be made, or waits for something outside of it. */
  #failed(error: unknown): void {
    const w = this.world;
    this.world = null;
    this.failure = error;
    const message = error instanceof Error ? error.message : String(error);
    this.standing.end(w, { verdict: 'program-error', message, icount: w?.icount ?? 0 });
  }

  // Orders.

  /** What is to be done when the engine is resumed. */
  order(order: Order): void {
    this.#refuseUnknown(order.stop);
    this.onMove();
    this.data.release();
    this.stacks.clear();
    this.breakpoints.moving(order.breakpoints ? 'stops' : 'passes');
    const w = this.world;
    const here = this.standing.stop;
    this.timeline.endAlone(here?.icount ?? 0);
    if (order.only !== 0 && here !== null) this.timeline.runAlone(order.only, here.icount);
    if (order.again || w === null) {
      this.#pending = order;
      this.#throws.disarm();
      if (w !== null && w.outcome === null) doom(w);
      return;
    }
    this.#pursuit.order = order;
    this.standing.begin();
    this.#pursuit.start = this.startOf(order.stop) ?? BEGINNING;
    this.#arm(w);
    if (w.outcome === null) setStop(w);
    if (order.only !== 0) hooks.pointStop = hooks.points + 1;
  }

  /** Errors: a rule is about an LWP that there is none of. */
  #refuseUnknown(rule: Rule | null): void {
    if (rule === null || this.world === null || !('lwp' in rule) || rule.lwp === 0) return;
    if (this.world.lwps[rule.lwp] || current.lwp?.id === rule.lwp) return;
    throw new TargetError(`there is no LWP ${rule.lwp} now`);
  }

  /** The heap is full: the engine pauses once before it gives up. */
  outOfMemory(): void {
    const w = this.world;
    if (w === null) return;
    const description =
      'the heap of the target is full: it can be looked at, saved and gone back in, but not go on';
    this.standing.note(w, { reason: 'pause', description, inside: true }, hooks.printIcount());
  }

  /** Where the LWP that a rule is about stands now; null when the run is over. */
  startOf(rule: Rule | null): Start | null {
    const w = this.world;
    return w === null ? null : this.#pursuit.startOf(w, rule, this.stacks.site);
  }

  #arm(w: World): void {
    const { order } = this.#pursuit;
    if (order !== null) this.#throws.arm(order, this.exceptions);
    this.#pursuit.arm(w);
  }

  #reached(icount: number): void {
    const w = this.world as World;
    if (this.data.reached(w, icount)) return;
    if (this.#pursuit.reached(w, icount)) this.#stopAt({ reason: 'goto' });
  }

  /** The order, for data breakpoints. */
  get dataOrder(): Order | null {
    return this.#pursuit.order;
  }

  /** An access that was wanted; it was made by the statement of that icount. */
  metData(details: StopDetails, icount: number): void {
    if (this.#pursuit.met(details, icount)) this.#stopAt(details);
  }

  /** Statements before here that a rule finds. */
  findBack(rule: Rule): number {
    this.#refuseUnknown(rule);
    const start = this.startOf(rule);
    return start === null ? -1 : this.#pursuit.findBack(rule, start);
  }

  // What happens while it runs.

  #atBreakpoint(site: number): void {
    const met = this.breakpoints.metAt(site);
    const { order, active } = this.#pursuit;
    if (met.length === 0 || order?.breakpoints !== true || !active) return;
    // Other things than breakpoints are looked for.
    if (order.find !== null && order.find.kind !== 'breakpoints') return;
    this.#meet(detailsOf(met, site));
  }

  /** Stops there, or notes it. */
  #meet(details: StopDetails): void {
    if (this.#pursuit.met(details, hooks.icount)) this.#stopAt(details);
  }

  /** One of the engine's breakpoints; true pauses the engine there. */
  atEngineBreakpoint(id: number, condition: InFrame | null, message: InFrame | null): boolean {
    if (this.world === null || this.world.outcome !== null || isRepeating()) return false;
    hooks.pause(0, 0);
    this.data.hold();
    const icount = hooks.printIcount();
    try {
      const known = variables(icount);
      const armed = this.breakpoints.met(id, condition, known);
      if (armed === undefined) return false;
      if (message === null) return this.#engineHit(armed, icount);
      this.output.log(armed, `${message(...known)}\n`, icount);
      return false;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.output.line('log', `breakpoint condition: ${text}\n`, icount, null);
      return false;
    } finally {
      this.data.release();
      hooks.resume();
    }
  }

  #engineHit(armed: Armed, icount: number): boolean {
    const { order } = this.#pursuit;
    if (order?.breakpoints !== true || !this.#pursuit.activeAt(icount)) return false;
    const details = detailsOf([armed], armed.site);
    if (!this.#pursuit.met(details, icount)) return false;
    this.standing.note(this.world as World, details, icount);
    return true;
  }

  #matched(icount: number): void {
    const stop = this.#pursuit.order?.stop ?? null;
    const details = { reason: reasonOf(stop), description: descriptionOf(stop) };
    if (this.#pursuit.met(details, icount)) this.#stopAt(details);
  }

  #each(icount: number): void {
    this.data.each(icount);
    if (!this.#pursuit.isBlocked) return;
    this.timeline.endAlone(icount);
    const lwp = this.#pursuit.order?.only ?? 0;
    const rule: Rule = { kind: 'next', reason: 'blocked', lwp };
    this.#stopAt({ reason: 'blocked', description: descriptionOf(rule) });
  }

  /** The LWP that was to run alone sleeps. */
  #blocked(lwp: number): void {
    const w = this.world;
    if (w === null || !this.#pursuit.active) return;
    this.timeline.endAlone(hooks.icount);
    this.#pursuit.stopNext(w, { kind: 'next', reason: 'blocked', lwp });
  }

  #errno(error: unknown, site: number): void {
    const { exceptions } = this;
    if (exceptions.errnos === undefined || !this.#pursuit.active) return;
    const details = errnoStop(exceptions, error, site);
    if (details !== undefined && this.#pursuit.order?.breakpoints === true) this.#meet(details);
  }

  #verdict(outcome: Outcome): void {
    if (this.#pursuit.order?.find !== null) return;
    this.#culprit = this.#throws.culprit(outcome.error);
    this.#throws.disarm();
    const ended = { ...outcome, ...this.timeline.asRecorded(outcome) } as Outcome;
    const details = verdictStop(this.exceptions, ended);
    if (details !== undefined) this.#stopAt(details);
  }

  // Stopping.

  #stopAt(details: StopDetails): void {
    const w = this.world as World;
    if (w.outcome === DOOMED || !this.attached) return;
    this.standing.note(w, details, hooks.icount);
    this.standing.park();
  }

  #enginePaused(params: Debugger.PausedEventDataType): void {
    this.stacks.clear();
    this.stacks.callFrames = params.callFrames;
    if (params.reason === 'exception') this.#throws.note(params);
  }

  /** The engine is paused at a throw. */
  atThrow(): AfterThrow {
    const w = this.world;
    const { order } = this.#pursuit;
    if (w === null || order === null || w.outcome !== null || isRepeating()) return 'go on';
    if (hooks.icount < order.quietUntil) return 'go on';
    this.stacks.site = 0;
    const wanted = order.throws === null ? this.#wantsThrow(w) : this.#throws.isWanted(order);
    if (!wanted) return 'go on';
    const description = thrownLine(this.#throws.thrown);
    const details: StopDetails = { reason: 'throw', description, inside: true };
    if (!this.#pursuit.met(details, hooks.icount)) return 'go on';
    this.standing.note(w, details, hooks.icount);
    return 'stop';
  }

  #wantsThrow(w: World): boolean {
    const { throws = 'never' } = this.exceptions;
    if (throws === 'never' || !this.#pursuit.active) return false;
    const top = this.stacks.of(w, current.lwp?.id ?? 0)[0];
    return throws === 'all' || top?.info.path.startsWith('rumpus/kernel/') === true;
  }

  /** The debugger had the engine stop anywhere: the next statement is where it stops. */
  interrupt(): boolean {
    const w = this.world;
    if (w === null || w.outcome !== null) return false;
    this.#pursuit.stopNext(w, { kind: 'next', reason: 'pause', lwp: 0 });
    return true;
  }

  setBreakpoints(requests: readonly BreakpointRequest[]): Breakpoint[] {
    const set = setAll(this.breakpoints, this.data, requests);
    this.#counted = false;
    if (this.world !== null && !this.standing.parked) {
      this.#arm(this.world);
      stopsAnew(this.world);
    }
    return set;
  }

  /** Hits are counted from the beginning, and were not so far. */
  mustCount(): boolean {
    return this.breakpoints.counting && !this.#counted;
  }

  setExceptions(request: ExceptionRequest): void {
    this.exceptions = request;
  }

  /** The user wrote something: every later run does so too. */
  intervene(intervention: Intervention): void {
    const w = this.world;
    if (w === null) throw new TargetError('the run is over: nothing can be written');
    this.timeline.intervene(w, intervention);
    const { standing } = this;
    if (standing.stop !== null) standing.stop = { ...standing.stop, diverted: true };
  }

  where(): Where {
    this.data.hold();
    this.standing.placeInside(this.world);
    return { ...this.standing.where(this.world === null), culprit: this.#culprit };
  }
}

/** The world unwinds from its next statement on, and its outcome is nobody's. */
function doom(w: World): void {
  w.outcome = DOOMED;
  hooks.stop = hooks.icount + 1;
  hooks.pointStop = hooks.points + 1;
}

function reasonOf(rule: Rule | null): StopReason {
  if (rule?.kind === 'main') return 'entry';
  return rule?.kind === 'next' ? rule.reason : 'step';
}

function descriptionOf(rule: Rule | null): string {
  if (rule?.kind !== 'next' || rule.lwp === 0) return '';
  return `LWP ${rule.lwp} sleeps or has ended, and the others were held`;
}

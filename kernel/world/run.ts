/**
 * The scheduler loop: resumes one LWP after another until the world ends, waits or is stuck.
 *
 * Example  const w = new World(options); const k = newKernel(w, 'kernel'); boot(k, components);
 *          w.main = lwp_create(…); const end = runWorld(w);
 *
 * What must hold  Only this loop catches what kernel code throws. A JavaScript exception that
 * comes out of an LWP's outermost function is a trap (in the kernel's code) or a program error.
 * The loop itself counts nothing: hooks.icount moves only while an LWP runs.
 */

import { type Controller, type Frame, hooks, WATCHED } from '../hooks.ts';
import { DONE, type MaySleep } from '../maysleep.ts';
import type { Errno } from '../kern/errno.ts';
import { lwp_returned } from '../kern/kern_lwp.ts';
import { type Lwp, LSONPROC, LSRUN, LSSUSPENDED, LW_DAEMON } from '../kern/lwp.ts';
import { runq_insert, runq_remove, runq_steal } from './runq.ts';
import { siteTable } from '../sites.ts';
import { EV_ERRNO, EV_IDLE, EV_SWITCH } from '../trace/ring.ts';
import { trace } from '../trace/trace.ts';
import { current } from './current.ts';
import { ErrnoLog } from './errnolog.ts';
import { conclude, type Outcome, thrownText, unwindWorld, WorldEnd } from './outcome.ts';
import { enter, leave } from './registers.ts';
import { jumpToTimer } from './fault.ts';
import { resumeInnermost, type Resumed, RETURNED, returned } from './resume.ts';
import { armAccesses } from './access.ts';
import type { OpKind } from './op.ts';
import {
  askAtPoint,
  askAtStatement,
  chooseNext,
  cpu_idle,
  mayGive,
  ownIcount,
} from './schedule.ts';
import { stalled } from './stalled.ts';
import { quantumDue, raiseInterrupt, setStop, setTimerStop } from './stops.ts';
import { tellAcquire, tellBoth, tellRelease, tellWoken } from './tell.ts';
import { checkInvariants } from './detect/invariant.ts';
import { LoopLog } from './detect/loops.ts';
import { digestMix, NS_PER_COUNT, type World, worldTimeNs } from './world.ts';

/** The running world's answers to the hooks. */
export class WorldController implements Controller {
  readonly w: World;

  constructor(w: World) {
    this.w = w;
  }

  hit(site: number, canYield: boolean): boolean {
    const w = this.w;
    if (w.outcome !== null) unwindWorld();
    const now = hooks.icount;
    if (now < w.due) {
      watched(w, site);
      if (w.watcher === null) setStop(w);
      else hooks.stop = now + 1;
      return false;
    }
    if (now >= w.options.budget) this.#fail('timeout', spentText(w), site);
    if (now >= w.lookStop) look(w, site);
    if (now >= w.watchStop) {
      w.watchStop = Number.MAX_SAFE_INTEGER;
      w.observer.reached?.(now, site);
    }
    watched(w, site);
    if (now >= w.quantumStop) quantumDue(w, now);
    if (now >= w.jumpStop) jumpToTimer(w);
    if (now >= w.timerStop) raiseInterrupt(w);
    let give = false;
    if (canYield && mayGive()) {
      give = w.interruptPending;
      if (!give && now >= w.statementStop) give = askAtStatement(w);
      if (give) hooks.at = site;
    }
    setStop(w);
    return give;
  }

  deep(site: number): void {
    const depth = hooks.pd + hooks.fp;
    this.#fail('stack-overflow', `calls nest too deep: ${depth} are active`, site);
  }

  #fail(verdict: 'timeout' | 'stack-overflow', message: string, site: number): never {
    conclude(this.w, verdict, message, current.lwp, { site });
    unwindWorld();
  }

  ask(site: number, kind: OpKind, object: object | null): boolean {
    const give = askAtPoint(this.w, null, kind, object);
    if (give) hooks.at = site;
    return give;
  }

  dropped(site: number, at: number): void {
    hooks.pending = 0;
    const { w } = this;
    const l = current.lwp;
    if (site === WATCHED) {
      w.observer.made?.();
      return;
    }
    if (l === null || w.outcome !== null) return;
    const found = w.observer.locate?.(at);
    const what = found?.call || droppedName(siteTable.position(site)?.function);
    const place = found === undefined ? '' : ` at ${found.place}`;
    const message = `${what} was called without yield*${place}, so it never ran (icount ${at})`;
    conclude(w, 'program-error', message, l, { site });
    unwindWorld();
  }

  errno(error: unknown, site: number): void {
    const l = current.lwp;
    this.w.errnos ??= new ErrnoLog();
    this.w.errnos.note(error as Errno, site, l === null ? 0 : l.id);
    this.w.observer.errnoMade?.(error, site);
    if (this.w.ring !== null) trace(EV_ERRNO, (error as Errno).errno);
  }
}

/** The budget is nearly spent: notes what runs now. */
function look(w: World, site: number): void {
  w.loops ??= new LoopLog();
  w.loops.note(site);
}

/** The budget is spent: says in which loops, where there are any. */
function spentText(w: World): string {
  const spent = `the budget of ${w.options.budget} statements is spent`;
  const report = w.loops?.report(w);
  if (report === undefined) return spent;
  w.reports.push(report);
  return `${spent}: ${report.message}`;
}

/** Shows a statement to whoever looks at all of them, who may end the run there. */
function watched(w: World, site: number): void {
  if (w.watcher === null) return;
  w.watcher.statement(site);
  if (w.outcome !== null) unwindWorld();
}

/** What a dropped generator is called; a system call's is the dispatcher's. */
function droppedName(name: string | undefined): string {
  if (name?.startsWith('syscall')) return 'a system call';
  return name === undefined ? 'a function that may sleep' : `${name}()`;
}

function controllerOf(w: World): Controller {
  w.controller ??= new WorldController(w);
  return w.controller;
}

/** The boot path calls nothing that may sleep, so it has no frames. */
const NO_FRAMES: Frame[] = [];
const NO_SITES: number[] = [];

/** Runs `body` as the boot path of world `w`, on lwp0 of its newest kernel: counted, not on a CPU. */
export function onBootPath<T>(w: World, body: () => T): T {
  tellRelease(w);
  const saved = enter(w, controllerOf(w));
  hooks.frames = NO_FRAMES;
  hooks.sites = NO_SITES;
  hooks.fp = 0;
  hooks.pd = 0;
  current.lwp = w.kernels[w.kernels.length - 1].lwp0;
  tellAcquire(w);
  try {
    return body();
  } finally {
    tellBoth(w);
    leave(w, saved);
    tellAcquire(w);
  }
}

/** Runs until the world ends; undefined when only an event from outside can go on. */
export function runWorld(w: World): Outcome | undefined {
  const saved = enter(w, controllerOf(w));
  try {
    loop(w);
  } catch (error) {
    if (!(error instanceof WorldEnd)) throw error;
  } finally {
    leave(w, saved);
  }
  if (w.outcome !== null && w.monitor !== null) w.monitor.ended(w);
  return w.outcome ?? undefined;
}

function loop(w: World): void {
  let last: Lwp | null = null;
  while (w.outcome === null) {
    if (w.interruptPending) interrupt(w);
    const l: Lwp | null = w.nextPick ?? chooseNext(w, last);
    w.nextPick = null;
    if (l === null) {
      if (last !== null) settle(w, last);
      last = null;
      if (!idle(w)) return;
      continue;
    }
    if (last !== null) settle(w, last);
    dispatch(w, l);
    last = execute(w, l);
    if (w.invariants !== null) checkInvariants(w, last);
    release(w, last);
  }
  if (last !== null) settle(w, last);
}

/** Books what `l` has run since its switch. */
function settle(w: World, l: Lwp): void {
  l.points += hooks.points - w.switchPoints;
  l.accesses += hooks.accesses.count - w.switchAccesses;
  l.icount += hooks.icount - w.switchIcount;
  w.switchPoints = hooks.points;
  w.switchAccesses = hooks.accesses.count;
  w.switchIcount = hooks.icount;
}

/** Gives `l` its CPU. */
function dispatch(w: World, l: Lwp): void {
  const cpu = l.cpu;
  const holder = cpu.curlwp;
  if (holder !== l) {
    runq_remove(cpu, l);
    if (holder !== null) {
      holder.stat = LSRUN;
      runq_insert(cpu, holder, true);
    }
    cpu.curlwp = l;
    cpu.switches++;
  }
  l.stat = LSONPROC;
  w.switches++;
  digestMix(w, l.id);
  digestMix(w, hooks.icount);
  if (w.ring !== null) {
    current.lwp = l;
    trace(EV_SWITCH, holder === null ? 0 : holder.id);
  }
}

/** Hands the running LWP's stack and CPU to another LWP record: rump_lwproc_switch(3). */
export function carryStack(from: Lwp, to: Lwp): void {
  const w = from.kernel.world;
  settle(w, from);
  to.frames = from.frames;
  to.sites = from.sites;
  to.cpu = from.cpu;
  to.cpu.curlwp = to;
  to.stat = LSONPROC;
  from.frames = [];
  from.sites = [];
  from.fp = 0;
  from.stat = LSSUSPENDED;
  if (w.main === from) w.main = to;
  tellWoken(to);
  current.lwp = to;
  if (w.monitor !== null) w.monitor.switched(to);
}

/** Loads the LWP, runs it until it yields, and saves whichever LWP has the stack by then. */
function execute(w: World, loaded: Lwp): Lwp {
  runLwp(w, loaded);
  const l = current.lwp ?? loaded;
  l.fp = hooks.fp;
  l.site = hooks.at;
  return l;
}

function runLwp(w: World, l: Lwp): void {
  current.lwp = l;
  hooks.frames = l.frames;
  hooks.sites = l.sites;
  hooks.pd = 0;
  // Whoever still had a yield to pass on has given way by now.
  hooks.yieldDue = false;
  hooks.pointStop = hooks.points + 1;
  hooks.at = 0;
  if (w.monitor !== null) w.monitor.switched(l);
  if (w.steps !== null) w.steps.step(l);
  if (w.everyAccess) armAccesses(w, l);
  if (w.everyStatement) {
    w.statementStop = hooks.icount + w.strategy.statementStride(l, ownIcount(w, l));
    setStop(w);
  }
  hooks.fp = l.fp;
  try {
    const outermost = l.fp > 0 ? resumeInnermost() : begin(l.start!(l.arg as never));
    if (outermost !== RETURNED) return;
    if (hooks.pending !== 0) hooks.controller.dropped(hooks.pending, hooks.pendingIcount);
    begin(lwp_returned(current.lwp, returned.value));
  } catch (error) {
    if (!(error instanceof WorldEnd)) thrown(w, current.lwp, error);
  }
}

/** Runs what an LWP's outermost function answered to being called. */
function begin(answer: MaySleep<unknown>): Resumed {
  if (answer === (DONE as unknown)) {
    returned.value = hooks.take();
    return RETURNED;
  }
  hooks.pending = 0;
  hooks.frames[0] = answer as Frame;
  hooks.sites[0] = 0;
  hooks.fp = 1;
  return resumeInnermost();
}

/** An exception left the LWP's outermost function. */
function thrown(w: World, l: Lwp, error: unknown): void {
  const ofProgram = l.syscall === null && (l.flag & LW_DAEMON) === 0;
  const verdict = ofProgram ? 'program-error' : 'trap';
  conclude(w, verdict, thrownText(error), l, { error, site: hooks.site });
}

/** Takes the CPU from an LWP that sleeps or is gone, and gives it other work. */
function release(w: World, l: Lwp): void {
  if (l.stat === LSONPROC) return;
  const cpu = l.cpu;
  if (cpu.curlwp === l) cpu.curlwp = null;
  if (cpu.curlwp === null && cpu.runq.length === 0 && !runq_steal(w, cpu)) cpu_idle(w, cpu);
  w.interruptPending = w.interruptPending || hooks.icount >= w.timerStop;
}

/** The clock interrupt: fires the timers that are due. */
function interrupt(w: World): void {
  w.interruptPending = false;
  current.lwp = null;
  fireTimers(w);
  setTimerStop(w);
}

function fireTimers(w: World): void {
  const now = worldTimeNs(w, hooks.icount);
  for (let timer = w.timers.peek(); timer !== undefined; timer = w.timers.peek()) {
    if (timer.whenNs > now) return;
    w.timers.pop();
    timer.fire(timer);
  }
}

/** Every CPU idles: goes to the next timer, or finds that nothing will ever happen. */
function idle(w: World): boolean {
  current.lwp = null;
  const timer = w.timers.peek();
  if (timer !== undefined) {
    const now = worldTimeNs(w, hooks.icount);
    if (timer.whenNs > now) {
      w.baseNs = timer.whenNs - hooks.icount * NS_PER_COUNT;
      trace(EV_IDLE, Math.floor(w.baseNs / 0x100000000), w.baseNs | 0);
    }
    fireTimers(w);
    setTimerStop(w);
    return true;
  }
  if (w.expectsHost) return false;
  stalled(w);
  return false;
}

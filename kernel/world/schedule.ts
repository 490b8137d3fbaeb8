/**
 * Who runs next: candidates, questions to the strategy, and the record of its answers.
 *
 * Candidates  Without kernel preemption each CPU with work offers one LWP: the one that holds it,
 *             or the head of its run queue. A softint at the head takes the CPU from its holder.
 *             With preemption, and for a CPU whose LWP returns from a system call, every runnable
 *             LWP of the CPU is a candidate.
 * Points      `ask` is called when hooks.points reaches hooks.pointStop. With one candidate the
 *             stop is moved out of reach, and sched_changed() brings it back.
 */

import { hooks, NEVER } from '../hooks.ts';
import type { Cpu } from '../kern/cpu.ts';
import { type Lwp, LSONPROC, PRI_SOFTINT } from '../kern/lwp.ts';
import { current } from './current.ts';
import {
  DIRECTIVE_ACCESS,
  DIRECTIVE_CHOICE,
  DIRECTIVE_POINT,
  DIRECTIVE_STATEMENT,
  type DirectiveKind,
} from './directives.ts';
import { OP_POINT, type OpKind } from './op.ts';
import { unwindWorld } from './outcome.ts';
import { setStop } from './stops.ts';
import { defaultNext, QUANTUM } from './strategy/default.ts';
import type { ChoiceKind } from './strategy/strategy.ts';
import { WHOLE_OBJECT } from './variable.ts';
import type { World } from './world.ts';

const candidates: Lwp[] = [];

/** Fills `candidates`; `all` is the CPU whose whole run queue may run (userret), or null. */
function collect(w: World, all: Cpu | null): number {
  let count = 0;
  const ready = w.ready;
  for (let i = 0; i < ready.length; i++) {
    const cpu = ready[i];
    const holder = cpu.curlwp;
    const runq = cpu.runq;
    if (runq.length === 0) {
      if (holder !== null) candidates[count++] = holder;
      continue;
    }
    if (runq[0].priority >= PRI_SOFTINT) {
      if (holder === null || (holder.spinLocks === 0 && runq[0].priority > holder.priority)) {
        candidates[count++] = runq[0];
        continue;
      }
    }
    if (holder !== null) candidates[count++] = holder;
    if (cpu === all || mayPreempt(cpu)) {
      for (let j = 0; j < runq.length; j++) candidates[count++] = runq[j];
    } else if (holder === null) candidates[count++] = runq[0];
  }
  return count;
}

/** Softints are never preempted: nothing would say when they go on. */
function mayPreempt(cpu: Cpu): boolean {
  if (!cpu.kernel.config.preempt) return false;
  const holder = cpu.curlwp;
  return holder === null || (holder.nopreempt === 0 && holder.priority < PRI_SOFTINT);
}

/** The LWP's own count of scheduling points, now. */
export function ownPoints(w: World, l: Lwp | null): number {
  return l === null ? w.idlePoints : l.points + hooks.points - w.switchPoints;
}

/** The LWP's own count of statements, now. */
export function ownIcount(w: World, l: Lwp | null): number {
  return l === null ? hooks.icount : l.icount + hooks.icount - w.switchIcount;
}

/** The LWP's own count of accesses that are told, now. */
export function ownAccesses(w: World, l: Lwp | null): number {
  return l === null ? 0 : l.accesses + hooks.accesses.count - w.switchAccesses;
}

/** Nobody may come between an LWP that queued to sleep and its switch, which ends that. */
export function mayGive(): boolean {
  return current.lwp === null || current.lwp.stat === LSONPROC;
}

/** Asks the strategy about `count` candidates and notes an answer that deviates. */
function question(w: World, kind: DirectiveKind, l: Lwp | null, count: number): Lwp {
  const points = ownPoints(w, l);
  const icount = ownIcount(w, l);
  const accesses = ownAccesses(w, l);
  const ran = isPoint(kind) ? hooks.icount - w.switchIcount : 0;
  const usual = defaultNext(candidates, count, l, ran);
  let answer = w.strategy.next(candidates, count, l, points, icount, accesses, kind);
  if (answer < 0) answer = usual;
  if (answer !== usual) {
    const at = isPoint(kind) ? points : kind === DIRECTIVE_STATEMENT ? icount : accesses;
    w.directives.add(kind, l === null ? 0 : l.id, at, candidates[answer].id);
  }
  if (w.steps !== null && l !== null && candidates[answer] === l) w.steps.step(l);
  return candidates[answer];
}

function isPoint(kind: DirectiveKind): boolean {
  return kind !== DIRECTIVE_STATEMENT && kind !== DIRECTIVE_ACCESS;
}

/** The stop after which the strategy is asked at a point again. */
function rearm(w: World, l: Lwp | null): void {
  const spent = hooks.icount - w.switchIcount >= QUANTUM;
  const stride = spent ? 1 : w.strategy.pointStride(l, ownPoints(w, l));
  hooks.pointStop = hooks.points + stride;
}

/** A scheduling point of the running LWP was reached; true when it has to yield. */
export function askAtPoint(
  w: World,
  all: Cpu | null,
  kind: OpKind = OP_POINT,
  object: object | null = null,
): boolean {
  if (w.outcome !== null) unwindWorld();
  const l = current.lwp;
  const { variables } = w;
  if (variables !== null && l !== null) {
    l.opKind = kind;
    l.op = object === null ? null : variables.of(object, WHOLE_OBJECT, l);
    l.opSite = 0;
  }
  if (w.interruptPending) return true;
  const count = collect(w, all);
  if (count <= 1 && candidates[0] === l && w.strategy.looksAtOps !== true) {
    hooks.pointStop = hooks.points + NEVER;
    return false;
  }
  const next = question(w, DIRECTIVE_POINT, l, count);
  if (next === l) {
    rearm(w, l);
    return false;
  }
  w.nextPick = next;
  return true;
}

/** An access at which the strategy wants to be asked; true when the LWP has to yield. */
export function askAtAccess(w: World, l: Lwp): boolean {
  if (w.outcome !== null) unwindWorld();
  // Who is to be interrupted anyway gives way where every run does: at the next statement or point.
  if (w.interruptPending) return false;
  const count = collect(w, null);
  if (count <= 1 && candidates[0] === l && w.strategy.looksAtOps !== true) {
    hooks.accesses.stop = hooks.accesses.count + NEVER;
    return false;
  }
  const next = question(w, DIRECTIVE_ACCESS, l, count);
  hooks.accesses.stop = hooks.accesses.count + accessStride(w, l);
  if (next === l) return false;
  w.nextPick = next;
  return true;
}

/** Accesses until the strategy wants to be asked about one. */
export function accessStride(w: World, l: Lwp | null): number {
  return w.strategy.accessStride?.(l, ownAccesses(w, l)) ?? 1;
}

/** A statement at which the strategy wanted to be asked; true when the LWP has to yield. */
export function askAtStatement(w: World): boolean {
  const l = current.lwp;
  const count = collect(w, null);
  if (count <= 1 && candidates[0] === l) {
    w.statementStop = hooks.icount + NEVER;
    return false;
  }
  const next = question(w, DIRECTIVE_STATEMENT, l, count);
  w.statementStop = hooks.icount + w.strategy.statementStride(l, ownIcount(w, l));
  if (next === l) return false;
  w.nextPick = next;
  return true;
}

/** A question outside of hooks.point() is a point too, so that its place is unique. */
function countPoint(w: World, l: Lwp | null): void {
  if (l === null) w.idlePoints++;
  hooks.points++;
  if (hooks.pointStop <= hooks.points) hooks.pointStop = hooks.points + 1;
}

/** Who runs after `l` gave up its CPU (null: nobody ran); null when nobody can. */
export function chooseNext(w: World, l: Lwp | null): Lwp | null {
  const count = collect(w, null);
  if (count === 0) return null;
  if (count === 1) return candidates[0];
  countPoint(w, l);
  return question(w, DIRECTIVE_POINT, l, count);
}

/** One of `count` alternatives that are not about who runs; 0 is the default. */
export function chooseAmong(w: World, kind: ChoiceKind, count: number): number {
  if (count <= 1) return 0;
  const l = current.lwp;
  countPoint(w, l);
  const points = ownPoints(w, l);
  const answer = w.strategy.choose(kind, count, l, points);
  if (answer !== 0) w.directives.add(DIRECTIVE_CHOICE, l === null ? 0 : l.id, points, answer);
  return answer;
}

/** The set of runnable LWPs changed: ask at the next point. */
export function sched_changed(w: World): void {
  hooks.pointStop = hooks.points + 1;
  if (w.everyAccess) hooks.accesses.stop = hooks.accesses.count + accessStride(w, current.lwp);
  if (w.everyStatement && w.statementStop > hooks.icount + 1) {
    w.statementStop =
      hooks.icount + w.strategy.statementStride(current.lwp, ownIcount(w, current.lwp));
    setStop(w);
  }
}

/** A CPU has work now. */
export function cpu_ready(w: World, cpu: Cpu): void {
  const ready = w.ready;
  if (ready.includes(cpu)) return;
  let at = ready.length;
  ready.push(cpu);
  for (; at > 0 && ready[at - 1].order > cpu.order; at--) ready[at] = ready[at - 1];
  ready[at] = cpu;
}

/** A CPU has no work left. */
export function cpu_idle(w: World, cpu: Cpu): void {
  const ready = w.ready;
  let at = ready.indexOf(cpu);
  if (at < 0) return;
  for (; at < ready.length - 1; at++) ready[at] = ready[at + 1];
  ready.pop();
}

/**
 * hooks.stop, the one compare of every statement, stands for several wishes: the budget,
 * the next timer, a statement-grain question, a watched icount, the end of a quantum. This file
 * keeps the nearest, in `World.due`; while a watcher looks at every statement, the stop is the next one, whatever is due.
 */

import { hooks, NEVER } from '../hooks.ts';
import { QUANTUM } from './strategy/default.ts';
import { NS_PER_COUNT, type World } from './world.ts';

/** Sets hooks.stop to the nearest wish after the current icount. */
export function setStop(w: World): void {
  const now = hooks.icount;
  let stop = w.options.budget;
  if (w.statementStop < stop) stop = w.statementStop;
  if (w.watchStop < stop) stop = w.watchStop;
  if (w.timerStop < stop) stop = w.timerStop;
  if (w.lookStop < stop) stop = w.lookStop;
  if (w.jumpStop < stop) stop = w.jumpStop;
  if (w.quantumStop < stop) stop = w.quantumStop;
  if (w.interruptPending || stop <= now) stop = now + 1;
  w.due = stop;
  if (w.watcher !== null) stop = now + 1;
  hooks.stop = stop < NEVER ? stop | 0 : stop;
}

/** Computes the icount at which the first timer is due. */
export function setTimerStop(w: World): void {
  const timer = w.timers.peek();
  w.timerStop =
    timer === undefined
      ? Number.MAX_SAFE_INTEGER
      : Math.ceil((timer.whenNs - w.baseNs) / NS_PER_COUNT);
  setStop(w);
}

/** An interrupt is to be taken as soon as a generator can yield. */
export function raiseInterrupt(w: World): void {
  w.interruptPending = true;
  w.due = hooks.icount + 1;
  hooks.stop = w.due;
  hooks.pointStop = hooks.points + 1;
}

/**
 * Asks at the next point when the running LWP has used its quantum. So where the default schedule
 * makes it give way does not depend on when a strategy wanted to be asked, and replays meet it too.
 */
export function quantumDue(w: World, now: number): void {
  w.quantumStop = w.switchIcount + QUANTUM;
  if (w.quantumStop > now) return;
  w.quantumStop = now + QUANTUM;
  hooks.pointStop = hooks.points + 1;
}

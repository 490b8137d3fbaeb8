/**
 * Faults: what may go wrong, or come at another time, as choices of the strategy. A kernel has those
 * that its configuration names (`faults`); all others cost a compare.
 *
 *   io      a block transfer fails, is cut short, or comes late; a pipe gives less than it has
 *   memory  an allocation that may not sleep gets nothing
 *   signal  an interruptible sleep is interrupted
 *   time    the clock goes to the next timer while LWPs can run, as if they were slow
 *
 * `time` is no fault, so hunts have it unless told otherwise: what an LWP finds out by the clock is
 * right, only nobody knows how far others come until then.
 */

import { hooks } from '../hooks.ts';
import type { Kernel } from '../kern/kernel.ts';
import { chooseAmong } from './schedule.ts';
import { raiseInterrupt, setStop, setTimerStop } from './stops.ts';
import { NS_PER_COUNT, type World, worldTimeNs } from './world.ts';

export const FAULT_IO = 1;
export const FAULT_MEMORY = 2;
export const FAULT_SIGNAL = 4;
export const FAULT_TIME = 8;
/** By the names that people use. */
export const FAULTS: Readonly<Record<string, number>> = {
  io: FAULT_IO,
  memory: FAULT_MEMORY,
  signal: FAULT_SIGNAL,
  time: FAULT_TIME,
};

/** Counts after which the clock may go to the next timer; 0 is when its time has come. */
const SOON = [0, 32, 512, 8192] as const;

/** Which of `alternatives` goes wrong here, from 1; 0 for none. */
export function fault(k: Kernel, kind: number, alternatives: number): number {
  if ((k.config.faults & kind) === 0) return 0;
  const answer = chooseAmong(k.world, 'failure', alternatives + 1);
  if (answer !== 0) k.world.injected++;
  return answer;
}

/** A timer was armed: whether the clock is to go to the next one before it would by itself. */
export function chooseExpiry(k: Kernel): void {
  if ((k.config.faults & FAULT_TIME) === 0) return;
  const w = k.world;
  const soon = SOON[chooseAmong(w, 'interrupt', SOON.length)];
  if (soon === 0) return;
  w.jumpStop = Math.min(w.jumpStop, hooks.icount + soon);
  setStop(w);
}

/** The clock goes to the next timer now. */
export function jumpToTimer(w: World): void {
  w.jumpStop = Number.MAX_SAFE_INTEGER;
  const timer = w.timers.peek();
  if (timer === undefined) return;
  if (timer.whenNs > worldTimeNs(w, hooks.icount)) {
    w.baseNs = timer.whenNs - hooks.icount * NS_PER_COUNT;
  }
  setTimerStop(w);
  raiseInterrupt(w);
}

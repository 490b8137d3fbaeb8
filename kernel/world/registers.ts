/**
 * Whose registers the hooks hold: a world's while it runs, and those of whoever ran before.
 *
 * A world may be run while another runs (a replay asked for by a tool): the registers of the outer
 * one are saved and put back.
 */

import { type Controller, hooks, NEVER } from '../hooks.ts';
import { WorldAccesses } from './access.ts';
import { current } from './current.ts';
import { setTimerStop } from './stops.ts';
import type { World } from './world.ts';

/** Registers of whoever ran before. */
export class Saved {
  readonly icount = hooks.icount;
  readonly stop = hooks.stop;
  readonly points = hooks.points;
  readonly accesses = hooks.accesses.count;
  readonly accessStop = hooks.accesses.stop;
  readonly watching = hooks.accesses.watching;
  readonly listener = hooks.accesses.listener;
  readonly monitor = hooks.monitor;
  readonly pointStop = hooks.pointStop;
  readonly fp = hooks.fp;
  readonly base = hooks.base;
  readonly pd = hooks.pd;
  readonly site = hooks.site;
  readonly at = hooks.at;
  readonly frames = hooks.frames;
  readonly sites = hooks.sites;
  readonly controller = hooks.controller;
  readonly lwp = current.lwp;
  readonly world = current.world;
}

export function enter(w: World, controller: Controller): Saved {
  const saved = new Saved();
  hooks.icount = w.icount;
  hooks.points = w.points;
  enterAccesses(w);
  hooks.pending = 0;
  hooks.direct = false;
  hooks.controller = controller;
  current.world = w;
  current.lwp = null;
  setTimerStop(w);
  return saved;
}

/** Accesses are told one by one if somebody looks at them; otherwise where a schedule stops. */
function enterAccesses(w: World): void {
  const { accesses } = hooks;
  w.listener ??= new WorldAccesses(w);
  accesses.count = w.accesses;
  // One that was unwound may have been in the middle of what it had marked.
  accesses.marked = 0;
  accesses.stop = NEVER;
  accesses.listener = w.listener;
  accesses.watching = w.variables !== null && (w.everyAccess || w.monitor !== null);
  hooks.monitor = w.monitor;
}

export function leave(w: World, saved: Saved): void {
  w.icount = hooks.icount;
  w.points = hooks.points;
  w.accesses = hooks.accesses.count;
  hooks.icount = saved.icount;
  hooks.stop = saved.stop;
  hooks.points = saved.points;
  hooks.pointStop = saved.pointStop;
  hooks.accesses.count = saved.accesses;
  hooks.accesses.stop = saved.accessStop;
  hooks.accesses.watching = saved.watching;
  hooks.accesses.listener = saved.listener;
  hooks.monitor = saved.monitor;
  hooks.fp = saved.fp;
  hooks.base = saved.base;
  hooks.pd = saved.pd;
  hooks.site = saved.site;
  hooks.at = saved.at;
  hooks.frames = saved.frames;
  hooks.sites = saved.sites;
  hooks.controller = saved.controller;
  hooks.direct = false;
  hooks.slot = undefined;
  hooks.pending = 0;
  current.lwp = saved.lwp;
  current.world = saved.world;
}

/**
 * Software interrupts: softint(9). Follows NetBSD sys/kern/kern_softint.c and
 * sys/rump/librump/rumpkern/intr.c.
 *
 * Each CPU has an LWP a level, made when the first handler of that level is established. A
 * scheduled handler makes it runnable; it takes the CPU from what runs there at the next point,
 * unless that holds a spin mutex. A handler may take adaptive mutexes, so it may sleep.
 *
 * Order    Handlers of a CPU and level run first scheduled, first served; scheduling one that
 *          already waits does nothing.
 * Differs  With RUMP_THREADS=0 rump runs a handler inside softint_schedule(); here the same LWPs
 *          run it, as they belong to the CPU and are not kernel threads.
 */

import type { MaySleep } from '../maysleep.ts';
import { EV_INTERRUPT } from '../trace/ring.ts';
import { trace, traceString } from '../trace/trace.ts';
import { current } from '../world/current.ts';
import { raiseInterrupt } from '../world/stops.ts';
import { tellAcquire, tellRelease } from '../world/tell.ts';
import type { Cpu } from './cpu.ts';
import type { Kernel } from './kernel.ts';
import { lwp_create } from './kern_lwp.ts';
import { mi_switch, setrunnable } from './kern_sleepq.ts';
import {
  type Lwp,
  LSSLEEP,
  LW_DAEMON,
  LW_SYSTEM,
  PRI_SOFTBIO,
  PRI_SOFTCLOCK,
  PRI_SOFTINT,
  PRI_SOFTNET,
  PRI_SOFTSERIAL,
} from './lwp.ts';
import { KASSERT } from './subr_prf.ts';

export const SOFTINT_CLOCK = 0x000;
export const SOFTINT_BIO = 0x001;
export const SOFTINT_NET = 0x002;
export const SOFTINT_SERIAL = 0x003;
export const SOFTINT_MPSAFE = 0x100;
const SOFTINT_LVLMASK = 0x0ff;
const SOFTINT_COUNT = 4;

const PRIORITIES = [PRI_SOFTCLOCK, PRI_SOFTBIO, PRI_SOFTNET, PRI_SOFTSERIAL];
const NAMES = ['softclk', 'softbio', 'softnet', 'softser'];

/** What a handler is: it is called with its argument on a softint LWP. */
export type SoftintFunction<A> = (arg: A) => MaySleep<unknown>;

/** A handler: softhand_t. */
export class Softhand {
  level: number;
  kernel: Kernel;
  func: SoftintFunction<never>;
  arg: unknown;
  /** By CPU: waits to be run. */
  pending: boolean[];

  constructor(kernel: Kernel, level: number, func: SoftintFunction<never>, arg: unknown) {
    this.kernel = kernel;
    this.level = level;
    this.func = func;
    this.arg = arg;
    this.pending = kernel.cpus.map(() => false);
  }
}

/** One level of one CPU: softint_t. */
export class Softint {
  cpu: Cpu;
  level: number;
  lwp: Lwp | null = null;
  queue: Softhand[] = [];

  constructor(cpu: Cpu, level: number) {
    this.cpu = cpu;
    this.level = level;
  }
}

export class Softints {
  /** By CPU index and level: [cpu * SOFTINT_COUNT + level]. */
  levels: Softint[] = [];
}

function softints(k: Kernel): Softints {
  if (k.softints === null) {
    k.softints = new Softints();
    for (const cpu of k.cpus) {
      for (let level = 0; level < SOFTINT_COUNT; level++) {
        k.softints.levels.push(new Softint(cpu, level));
      }
    }
  }
  return k.softints;
}

/** softint_establish(9). Makes the level's LWPs if they are not there yet; nothing sleeps. */
export function softint_establish<A>(
  k: Kernel,
  flags: number,
  func: SoftintFunction<A>,
  arg: A,
): Softhand {
  const level = flags & SOFTINT_LVLMASK;
  KASSERT(level < SOFTINT_COUNT, `softint_establish: there is no level ${level}`);
  for (const si of softints(k).levels) if (si.level === level && si.lwp === null) softint_init(si);
  return new Softhand(k, level, func as SoftintFunction<never>, arg);
}

function softint_init(si: Softint): void {
  const name = `${NAMES[si.level]}/${si.cpu.index}`;
  const l = lwp_create(si.cpu.kernel.proc0, softint_thread, si, name);
  l.flag |= LW_SYSTEM | LW_DAEMON;
  l.priority = PRIORITIES[si.level];
  l.cpu = si.cpu;
  l.bound = true;
  si.lwp = l;
  softint_idle(si, l);
}

/** softint_disestablish(9): it must not wait to be run. */
export function softint_disestablish(sh: Softhand): void {
  KASSERT(!sh.pending.includes(true), 'a softint is disestablished while it waits to be run');
}

/** softint_schedule(9): the handler is to run on the CPU that this is called on. */
export function softint_schedule(sh: Softhand): void {
  const l = current.lwp;
  softint_schedule_cpu(sh, l !== null && l.kernel === sh.kernel ? l.cpu : sh.kernel.cpus[0]);
}

/** softint_schedule_cpu(9). May be called from the clock interrupt. */
export function softint_schedule_cpu(sh: Softhand, cpu: Cpu): void {
  tellRelease(sh);
  if (sh.pending[cpu.index]) return;
  sh.pending[cpu.index] = true;
  const si = softints(sh.kernel).levels[cpu.index * SOFTINT_COUNT + sh.level];
  si.queue.push(sh);
  cpu.softPending |= 1 << sh.level;
  const l = si.lwp;
  if (l === null || l.stat !== LSSLEEP || l.wchan !== si) return;
  l.wchan = null;
  l.wmesg = null;
  setrunnable(l);
}

/** A softint LWP: runs its queue, then waits for more. */
function* softint_thread(si: Softint): Generator<void, void, void> {
  for (;;) {
    const sh = softint_next(si);
    if (sh === undefined) yield* mi_switch();
    else yield* sh.func(sh.arg as never);
  }
}

/** The next handler to run; without one the LWP is asleep from now on. */
function softint_next(si: Softint): Softhand | undefined {
  const sh = si.queue.shift();
  if (sh === undefined) softint_idle(si, si.lwp!);
  else {
    tellAcquire(sh);
    sh.pending[si.cpu.index] = false;
    trace(EV_INTERRUPT, si.level, traceString(sh.func.name));
  }
  return sh;
}

function softint_idle(si: Softint, l: Lwp): void {
  si.cpu.softPending &= ~(1 << si.level);
  l.wmesg = 'softint';
  l.wchan = si;
  l.stat = LSSLEEP;
}

/** A CPU's LWP has left its last spin mutex: softints that had to wait may run. */
export function softint_unblock(cpu: Cpu): void {
  const next = cpu.runq[0];
  if (next !== undefined && next.priority >= PRI_SOFTINT) raiseInterrupt(cpu.kernel.world);
}

/** cpu_softintr_p(9): whether the running LWP is a softint. */
export function cpu_softintr_p(): boolean {
  const l = current.lwp;
  return l !== null && l.priority >= PRI_SOFTINT && (l.flag & LW_DAEMON) !== 0;
}

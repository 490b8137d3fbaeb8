/**
 * Kernel memory: kmem(9), its limit, and what is known of every allocation. Follows NetBSD
 * sys/kern/subr_kmem.c and, for RUMP_MEMLIMIT, sys/rump/librump/rumpkern/vm.c.
 *
 * Allocations are charged to the kernel by the size that their caller gives. With `lockdebug` on,
 * each is also noted under its name and site: what is left at halt is a leak, and what was freed
 * is poisoned (subr_poison.ts). Off, an allocation is an addition.
 *
 * Example  const buf = yield* kmem_alloc(4096, KM_SLEEP, 'dirbuf'); … kmem_free(buf, 4096);
 *
 * Sleeps   KM_SLEEP waits, as in rump, while the limit is reached, until others give memory back.
 */

import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { siteTable } from '../sites.ts';
import { EV_ALLOC, EV_FREE } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { curkernel } from '../world/current.ts';
import { freedText, reportFreed } from '../world/detect/freed.ts';
import { tellAllocated, tellFreed } from '../world/tell.ts';
import { FAULT_MEMORY, fault } from '../world/fault.ts';
import type { World } from '../world/world.ts';
import type { Kernel } from './kernel.ts';
import { sleepq_block, sleepq_enter, sleepq_wakeall } from './kern_sleepq.ts';
import type { Lwp } from './lwp.ts';
import type { Pool } from './subr_pool.ts';
import { poisonBytes } from './subr_poison.ts';
import { fail, KASSERT } from './subr_prf.ts';

export const KM_SLEEP = 0x01;
export const KM_NOSLEEP = 0x02;
export type KmFlag = 1 | 2;

/** Where an allocation was made. */
export class KmemTag {
  /** What the caller calls it. */
  name: string;
  sizeBytes: number;
  /** See callerSite(); 0 where not instrumented. */
  site: number;
  icount: number;

  constructor(name: string, sizeBytes: number, site: number, icount: number) {
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.site = site;
    this.icount = icount;
  }
}

export class Kmem {
  /** 0 for no limit. */
  limitBytes: number;
  usedBytes = 0;
  peakBytes = 0;
  /** Live allocations, in order; empty with lockdebug off. */
  live = new Map<object, KmemTag>();
  pools: Pool<object>[] = [];
  /** LWPs that wait for memory. */
  waiters: Lwp[] = [];

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }
}

/** The memory accounts of a kernel. */
export function kmem_of(k: Kernel): Kmem {
  k.kmem ??= new Kmem(k.config.memlimitBytes);
  return k.kmem;
}

/**
 * Charges `sizeBytes` to the kernel, waiting with KM_SLEEP while the limit does not allow it.
 * Gives false only with KM_NOSLEEP. For what is not allocated through kmem or a pool.
 */
export function kmem_reserve(k: Kernel, sizeBytes: number, flag: KmFlag): MaySleep<boolean> {
  if (flag !== KM_NOSLEEP && fits(kmem_of(k), sizeBytes)) {
    charge(kmem_of(k), sizeBytes);
    return done(true);
  }
  if (flag === KM_NOSLEEP && kmem_tryreserve(k, sizeBytes)) return done(true);
  return flag === KM_NOSLEEP ? done(false) : reserveLater(kmem_of(k), sizeBytes);
}

/** kmem_reserve() with KM_NOSLEEP, for what is no generator. */
export function kmem_tryreserve(k: Kernel, sizeBytes: number): boolean {
  const kmem = kmem_of(k);
  if (!fits(kmem, sizeBytes) || kmem_fails(k)) return false;
  charge(kmem, sizeBytes);
  return true;
}

/** Whether an allocation that may not sleep is to get nothing, for no reason. */
export function kmem_fails(k: Kernel): boolean {
  return k.config.faults !== 0 && fault(k, FAULT_MEMORY, 1) !== 0;
}

function fits(kmem: Kmem, sizeBytes: number): boolean {
  return kmem.limitBytes === 0 || kmem.usedBytes + sizeBytes <= kmem.limitBytes;
}

function charge(kmem: Kmem, sizeBytes: number): void {
  kmem.usedBytes += sizeBytes;
  if (kmem.usedBytes > kmem.peakBytes) kmem.peakBytes = kmem.usedBytes;
}

function* reserveLater(kmem: Kmem, sizeBytes: number): Generator<void, boolean, void> {
  while (!chargeOrQueue(kmem, sizeBytes)) yield* sleepq_block(0, 'uninterruptible');
  return true;
}

function chargeOrQueue(kmem: Kmem, sizeBytes: number): boolean {
  if (fits(kmem, sizeBytes)) {
    charge(kmem, sizeBytes);
    return true;
  }
  sleepq_enter(kmem.waiters, kmem, 'kmem');
  return false;
}

/** Gives back what kmem_reserve() charged. */
export function kmem_unreserve(k: Kernel, sizeBytes: number): void {
  const kmem = kmem_of(k);
  kmem.usedBytes -= sizeBytes;
  KASSERT(kmem.usedBytes >= 0, 'more kernel memory is given back than was taken');
  if (kmem.waiters.length > 0) sleepq_wakeall(kmem.waiters);
}

/** kmem_zalloc(9): zeroed bytes, or null with KM_NOSLEEP. `name` is what a leak is reported as. */
export function kmem_zalloc(
  sizeBytes: number,
  flag: KmFlag,
  name = 'kmem',
): MaySleep<Uint8Array | null> {
  const k = curkernel();
  const kmem = kmem_of(k);
  if (flag === KM_NOSLEEP && kmem_fails(k)) return done(null);
  if (!fits(kmem, sizeBytes)) return flag === KM_NOSLEEP ? done(null) : later(k, sizeBytes, name);
  charge(kmem, sizeBytes);
  return done(fresh(k, sizeBytes, name));
}

/** kmem_alloc(9). Differs: the bytes are zero as well, so that runs repeat. */
export function kmem_alloc(
  sizeBytes: number,
  flag: KmFlag,
  name = 'kmem',
): MaySleep<Uint8Array | null> {
  return kmem_zalloc(sizeBytes, flag, name);
}

function* later(k: Kernel, sizeBytes: number, name: string): Generator<void, Uint8Array, void> {
  yield* reserveLater(kmem_of(k), sizeBytes);
  return fresh(k, sizeBytes, name);
}

function fresh(k: Kernel, sizeBytes: number, name: string): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  kmem_note(k, bytes, name, sizeBytes);
  return bytes;
}

/** kmem_free(9): `sizeBytes` is what was asked for. */
export function kmem_free(bytes: Uint8Array, sizeBytes: number): void {
  const k = curkernel();
  KASSERT(bytes.length === sizeBytes, `kmem_free of ${sizeBytes} of ${bytes.length} bytes`);
  kmem_forget(k, bytes, 'kmem_free');
  kmem_unreserve(k, sizeBytes);
  if (k.config.lockdebug) poisonBytes(bytes);
}

/** Notes a live object under its name and the site that allocates it. */
export function kmem_note(k: Kernel, object: object, name: string, sizeBytes: number): void {
  if (tracing()) trace(EV_ALLOC, traceString(name), sizeBytes);
  tellAllocated(object);
  if (!k.config.lockdebug) return;
  kmem_of(k).live.set(object, new KmemTag(name, sizeBytes, callerSite(), hooks.icount));
}

/** Forgets an object that is freed; fails when it is not there (any more). */
export function kmem_forget(k: Kernel, object: object, by: string): void {
  if (tracing()) trace(EV_FREE);
  if (k.config.lockdebug && !kmem_of(k).live.delete(object)) doublefree(k, object, by);
  tellFreed(object);
}

function doublefree(k: Kernel, object: object, by: string): never {
  const freed = freedText(k.world, object);
  const message =
    freed === undefined
      ? `${by} of an object that was never allocated`
      : `${by} of an object that was freed before ${freed}`;
  reportFreed(k.world, object, '', { verdict: 'kassert', message, does: 'free' });
  return fail('kassert', message);
}

/** Where the innermost function that may sleep was called: near to who calls us, and known at once. */
export function callerSite(): number {
  return hooks.fp > 1 ? hooks.sites[hooks.fp - 1] : 0;
}

/**
 * Who called at these icounts: the statements, where the run can be repeated to see them. A tag
 * need not know them, so that an allocation costs no look at the stack.
 */
export function callersAt(w: World, icounts: readonly number[]): ReadonlyMap<number, string> {
  return w.observer.callers?.(icounts) ?? new Map<number, string>();
}

/** A site as people read it: `file:line`, or nothing where it is not known. */
export function siteText(site: number): string {
  const position = siteTable.position(site);
  return position === undefined ? '' : `${position.path}:${position.lineBase1}`;
}

/** At halt: what is still allocated, by name and site. Ends the run with `leak` if anything is. */
export function kmem_report(k: Kernel): void {
  const kmem = k.kmem;
  if (kmem === null || kmem.live.size === 0 || kmem_othersleft(k)) return;
  const bySite = new Map<string, { objects: number; bytes: number }>();
  const tags = [...kmem.live.values()];
  const callers = callersAt(
    k.world,
    tags.map((tag) => tag.icount),
  );
  for (const tag of tags) {
    const where = callers.get(tag.icount) ?? siteText(tag.site);
    const key = where === '' ? tag.name : `${tag.name} (allocated at ${where})`;
    const sum = bySite.get(key) ?? { objects: 0, bytes: 0 };
    bySite.set(key, { objects: sum.objects + 1, bytes: sum.bytes + tag.sizeBytes });
  }
  const lines = [...bySite].map(([key, { objects, bytes }]) => `${objects} × ${key}, ${bytes} B`);
  fail('leak', `kernel ${k.name} halts with memory still allocated: ${lines.join('; ')}`);
}

/** Whether processes besides the first one still hold memory, which then is no leak. */
export function kmem_othersleft(k: Kernel): boolean {
  for (const p of k.procs.values()) if (p !== k.proc0 && p !== k.initproc) return true;
  return false;
}

/**
 * Pools of records of one kind: pool(9), pool_cache(9). Follows NetBSD sys/kern/subr_pool.c.
 *
 * A pool makes its records with `make` and charges each to the kernel's memory (subr_kmem.ts).
 * With `lockdebug` on, a freed record is poisoned and never used again.
 *
 * Example  const nodes = pool_init(k, 'tmpfs_node', 200, () => new TmpfsNode());
 *          const node = yield* pool_get(nodes, PR_WAITOK); … pool_put(nodes, node);
 *
 * Differs  A freed record is left to the host's collector rather than kept; only a pool_cache,
 *          whose records stay constructed, hands it out again.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import type { Kernel } from './kernel.ts';
import {
  KM_NOSLEEP,
  KM_SLEEP,
  kmem_fails,
  kmem_forget,
  kmem_note,
  kmem_of,
  kmem_reserve,
  kmem_unreserve,
} from './subr_kmem.ts';
import { poisonObject } from './subr_poison.ts';
import { KASSERT } from './subr_prf.ts';

export const PR_WAITOK = 0x01;
export const PR_NOWAIT = 0x02;
export type PrFlag = 1 | 2;

export class Pool<T extends object> {
  kernel: Kernel;
  name: string;
  /** What a record is charged with. */
  sizeBytes: number;
  make: () => T;
  /** Records in use, and calls so far. */
  nout = 0;
  nget = 0;
  nput = 0;
  /** A pool_cache's free records. */
  free: T[] = [];
  cached: boolean;

  constructor(kernel: Kernel, name: string, sizeBytes: number, make: () => T, cached: boolean) {
    this.kernel = kernel;
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.make = make;
    this.cached = cached;
  }
}

/** pool_init(9). */
export function pool_init<T extends object>(
  k: Kernel,
  name: string,
  sizeBytes: number,
  make: () => T,
): Pool<T> {
  return register(k, new Pool(k, name, sizeBytes, make, false));
}

/** pool_cache_init(9): `make` constructs; a record put back is constructed still. */
export function pool_cache_init<T extends object>(
  k: Kernel,
  name: string,
  sizeBytes: number,
  make: () => T,
): Pool<T> {
  return register(k, new Pool(k, name, sizeBytes, make, true));
}

function register<T extends object>(k: Kernel, pp: Pool<T>): Pool<T> {
  kmem_of(k).pools.push(pp as unknown as Pool<object>);
  return pp;
}

/** pool_destroy(9): nothing of it may be in use. */
export function pool_destroy<T extends object>(pp: Pool<T>): void {
  KASSERT(pp.nout === 0, `pool ${pp.name} is destroyed with ${pp.nout} records in use`);
  const { pools } = kmem_of(pp.kernel);
  pools.splice(pools.indexOf(pp as unknown as Pool<object>), 1);
}

/** pool_get(9): a record; with PR_NOWAIT null when memory is at its limit. */
export function pool_get<T extends object>(pp: Pool<T>, flag: PrFlag): MaySleep<T | null> {
  const kmem = kmem_of(pp.kernel);
  if (flag === PR_NOWAIT && kmem_fails(pp.kernel)) return done(null);
  if (kmem.limitBytes !== 0) return pool_get_limited(pp, flag);
  kmem.usedBytes += pp.sizeBytes;
  if (kmem.usedBytes > kmem.peakBytes) kmem.peakBytes = kmem.usedBytes;
  return done(take(pp));
}

function* pool_get_limited<T extends object>(
  pp: Pool<T>,
  flag: PrFlag,
): Generator<void, T | null, void> {
  const how = flag === PR_NOWAIT ? KM_NOSLEEP : KM_SLEEP;
  return (yield* kmem_reserve(pp.kernel, pp.sizeBytes, how)) ? take(pp) : null;
}

function take<T extends object>(pp: Pool<T>): T {
  pp.nout++;
  pp.nget++;
  const object = pp.free.pop() ?? pp.make();
  kmem_note(pp.kernel, object, pp.name, pp.sizeBytes);
  return object;
}

/** pool_put(9): gives a record back. */
export function pool_put<T extends object>(pp: Pool<T>, object: T): void {
  const k = pp.kernel;
  kmem_forget(k, object, `pool_put(${pp.name})`);
  pp.nout--;
  pp.nput++;
  kmem_unreserve(k, pp.sizeBytes);
  if (k.config.lockdebug) poisonObject(k.world, object, pp.name);
  else if (pp.cached) pp.free.push(object);
}

/** pool_cache_get(9). */
export function pool_cache_get<T extends object>(pc: Pool<T>, flag: PrFlag): MaySleep<T | null> {
  return pool_get(pc, flag);
}

/** pool_cache_put(9). */
export function pool_cache_put<T extends object>(pc: Pool<T>, object: T): void {
  pool_put(pc, object);
}

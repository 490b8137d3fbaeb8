/**
 * The buffer cache: buffercache(9). Follows NetBSD sys/kern/vfs_bio.c.
 *
 * Blocks of vnodes, kept in memory. bread() gives a block for the caller's own use (busy); brelse()
 * gives it back, and it stays in memory until the room is needed. bwrite() writes and gives back,
 * bdwrite() writes some time before the room is used for another block, bawrite() does not wait.
 *
 *   const bp = yield* bread(devvp, blkno, size);
 *   if (isErrno(bp)) return bp;
 *   … bp.data …
 *   yield* brelse(bp, 0);
 *
 * What must hold
 *   A vnode has at most one buffer for a block, and one LWP at a time has it busy; others wait.
 *   A buffer is on the list of unused ones exactly while it is not busy.
 *   While a transfer runs the buffer is busy, and neither its data nor its flags are touched but by
 *   the driver, which ends the transfer with biodone() on whatever LWP it runs. The error is in
 *   bp.error then: that store, not the reader's return, is where the error was made.
 *   A buffer whose read failed is not kept.
 *
 * Locking  `lock` (NetBSD's bufcache_lock) guards the cache and all busy and done flags.
 * Order    Unused buffers go least recently used first; those marked BC_AGE before all others.
 * Differs  Any size of buffer; the limit is bytes. No read-ahead.
 */

import { inOneStep } from '../accesses.ts';
import { EIO, type Errno } from '../kern/errno.ts';
import { cv_broadcast, cv_signal, cv_wait } from '../kern/kern_condvar.ts';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from '../kern/kern_mutex.ts';
import type { Kernel } from '../kern/kernel.ts';
import { KASSERT } from '../kern/subr_prf.ts';
import { EV_BIO_DONE, EV_BIO_START } from '../trace/ring.ts';
import { trace, tracing } from '../trace/trace.ts';
import { curkernel, curlwp } from '../world/current.ts';
import {
  B_ASYNC,
  B_READ,
  BC_AGE,
  BC_BUSY,
  BC_INVAL,
  BC_NOCACHE,
  BO_DELWRI,
  BO_DONE,
  Buf,
} from './buf.ts';
import type { Vnode } from './vnode.ts';
import { VOP_STRATEGY } from './vnode_if.ts';

/** Bytes of buffers that a kernel keeps. */
const BUFMEM_BYTES = 4 * 1024 * 1024;

export class BufCache {
  lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'bufcache_lock');
  nextId = 1;
  /** Bytes in all buffers. */
  bytes = 0;
  limitBytes = BUFMEM_BYTES;
  /** Buffers by vnode and block. */
  hash = new Map<Vnode, Map<number, Buf>>();
  /** Buffers that are not busy, least recently used first. */
  lruFirst: Buf | null = null;
  lruLast: Buf | null = null;
}

// NetBSD: bufmem, which is looked at without the lock to see whether there is anything to drain, and
// which geteblk() adds to without it.
inOneStep(BufCache, 'bytes', 'nextId');

/** The cache of a kernel, made when first asked for. */
export function bufcache_of(k: Kernel): BufCache {
  k.bufcache ??= new BufCache();
  return k.bufcache;
}

/** incore(9): the buffer of a block if it is in memory. */
export function incore(vp: Vnode, lblkno: number): Buf | undefined {
  return curkernel().bufcache?.hash.get(vp)?.get(lblkno);
}

/**
 * bread(9): the block, busy and valid. `lblkno` counts blocks of the vnode; `size` is in bytes.
 * Sleeps. Errors: what the transfer ended with.
 */
export function* bread(
  vp: Vnode,
  lblkno: number,
  size: number,
): Generator<void, Buf | Errno, void> {
  const bp = yield* getblk(vp, lblkno, size);
  if ((bp.oflags & (BO_DONE | BO_DELWRI)) !== 0) return bp;
  bp.flags |= B_READ;
  bp.error = undefined;
  if (tracing()) trace(EV_BIO_START, bp.id, lblkno, size, 1);
  void (yield* VOP_STRATEGY(vp, bp));
  const error = yield* biowait(bp);
  if (error === undefined) return bp;
  yield* brelse(bp, BC_INVAL);
  return error;
}

/** getblk(9): the buffer of a block, busy; valid only if it has BO_DONE. Sleeps. */
export function* getblk(vp: Vnode, lblkno: number, size: number): Generator<void, Buf, void> {
  const bc = bufcache_of(curkernel());
  yield* mutex_enter(bc.lock);
  for (;;) {
    const bp = bc.hash.get(vp)?.get(lblkno);
    if (bp === undefined) break;
    if ((bp.cflags & BC_BUSY) !== 0) {
      KASSERT(bp.owner !== curlwp(), `block ${lblkno} of vnode ${vp.id} is asked for twice`);
      yield* cv_wait(bp.busy, bc.lock);
      continue;
    }
    lru_remove(bc, bp);
    busy(bp);
    allocbuf(bc, bp, size);
    mutex_exit(bc.lock);
    return bp;
  }
  const bp = new Buf(bc.nextId++, new Uint8Array(size));
  bgetvp(bc, vp, lblkno, bp);
  busy(bp);
  mutex_exit(bc.lock);
  if (bc.bytes > bc.limitBytes) yield* buf_drain(bc);
  return bp;
}

/** geteblk(9): a buffer of no block, busy. */
export function geteblk(size: number): Buf {
  const bc = bufcache_of(curkernel());
  const bp = new Buf(bc.nextId++, new Uint8Array(size));
  bc.bytes += size;
  bp.cflags = BC_INVAL;
  busy(bp);
  return bp;
}

function busy(bp: Buf): void {
  bp.cflags |= BC_BUSY;
  bp.owner = curlwp();
}

/** allocbuf(9): makes a buffer another size; its content is lost when it grows. */
function allocbuf(bc: BufCache, bp: Buf, size: number): void {
  if (bp.data.length === size) return;
  bc.bytes += size - bp.data.length;
  if (size > bp.data.length) bp.oflags &= ~BO_DONE;
  bp.data = size > bp.data.length ? new Uint8Array(size) : bp.data.slice(0, size);
}

/** bgetvp(9): the buffer becomes that of a block, and counts. */
function bgetvp(bc: BufCache, vp: Vnode, lblkno: number, bp: Buf): void {
  bc.bytes += bp.data.length;
  bp.vp = vp;
  bp.lblkno = lblkno;
  bp.blkno = lblkno;
  bp.dev = vp.rdev;
  let blocks = bc.hash.get(vp);
  if (blocks === undefined) {
    blocks = new Map();
    bc.hash.set(vp, blocks);
  }
  blocks.set(lblkno, bp);
}

/** brelvp(9): the buffer is no block's any more. */
function brelvp(bc: BufCache, bp: Buf): void {
  if (bp.vp === null) return;
  const blocks = bc.hash.get(bp.vp);
  blocks?.delete(bp.lblkno);
  if (blocks?.size === 0) bc.hash.delete(bp.vp);
  bp.vp = null;
}

/** brelse(9): gives a buffer back; `set` may have BC_INVAL, BC_NOCACHE or BC_AGE. */
export function* brelse(bp: Buf, set: number): Generator<void, void, void> {
  const bc = bufcache_of(curkernel());
  yield* mutex_enter(bc.lock);
  brelsel(bc, bp, set);
  mutex_exit(bc.lock);
}

function brelsel(bc: BufCache, bp: Buf, set: number): void {
  KASSERT((bp.cflags & BC_BUSY) !== 0, 'brelse of a buffer that is not busy');
  bp.cflags |= set;
  const drop = (bp.cflags & (BC_INVAL | BC_NOCACHE)) !== 0 || bp.error !== undefined;
  bp.cflags &= ~BC_BUSY;
  bp.flags &= ~(B_ASYNC | B_READ);
  bp.owner = null;
  if (drop) {
    bp.oflags = 0;
    bc.bytes -= bp.data.length;
    brelvp(bc, bp);
    cv_broadcast(bp.busy);
    return;
  }
  if ((bp.cflags & BC_AGE) !== 0) lru_prepend(bc, bp);
  else lru_append(bc, bp);
  bp.cflags &= ~BC_AGE;
  cv_signal(bp.busy);
}

/** bwrite(9): writes a block and gives it back. Sleeps. Errors: what the transfer ended with. */
export function* bwrite(bp: Buf): Generator<void, Errno | undefined, void> {
  yield* bstart(bp);
  const error = yield* biowait(bp);
  yield* brelse(bp, 0);
  return error;
}

/** Begins to write a block. */
function* bstart(bp: Buf): Generator<void, void, void> {
  KASSERT(bp.vp !== null, 'bwrite of a buffer that is no block');
  bp.flags &= ~B_READ;
  bp.oflags &= ~(BO_DONE | BO_DELWRI);
  bp.error = undefined;
  if (tracing()) trace(EV_BIO_START, bp.id, bp.lblkno, bp.data.length, 0);
  void (yield* VOP_STRATEGY(bp.vp, bp));
}

/** bdwrite(9): gives a block back, to be written later. */
export function* bdwrite(bp: Buf): Generator<void, void, void> {
  bp.oflags |= BO_DELWRI | BO_DONE;
  yield* brelse(bp, 0);
}

/** bawrite(9): begins to write a block, which is given back when that is done. */
export function bawrite(bp: Buf): Generator<void, void, void> {
  bp.flags |= B_ASYNC;
  return bstart(bp);
}

/**
 * biowait(9): waits for the end of a transfer. Errors: what it ended with, and EIO when it moved
 * nothing, where NetBSD leaves that to its caller.
 */
export function* biowait(bp: Buf): Generator<void, Errno | undefined, void> {
  const bc = bufcache_of(curkernel());
  yield* mutex_enter(bc.lock);
  while ((bp.oflags & BO_DONE) === 0) yield* cv_wait(bp.done, bc.lock);
  mutex_exit(bc.lock);
  if (bp.error === undefined && bp.resid > 0 && bp.resid === bp.data.length) {
    bp.error = EIO;
  }
  return bp.error;
}

/** biodone(9): a driver's transfer is over; bp.error and bp.resid say how it went. */
export function* biodone(bp: Buf): Generator<void, void, void> {
  const bc = bufcache_of(curkernel());
  yield* mutex_enter(bc.lock);
  KASSERT((bp.oflags & BO_DONE) === 0, 'a transfer ends twice');
  bp.oflags |= BO_DONE;
  if (tracing()) trace(EV_BIO_DONE, bp.id, bp.lblkno, bp.resid, bp.error?.errno ?? 0);
  if (bp.iodone !== null) bp.iodone(bp);
  else if ((bp.flags & B_ASYNC) !== 0) brelsel(bc, bp, 0);
  else cv_broadcast(bp.done);
  mutex_exit(bc.lock);
}

/** Frees unused buffers, writing those that must be, until the rest fits the limit. */
function* buf_drain(bc: BufCache): Generator<void, void, void> {
  while (bc.bytes > bc.limitBytes) {
    yield* mutex_enter(bc.lock);
    const bp = bc.lruFirst;
    if (bp === null) {
      mutex_exit(bc.lock);
      return;
    }
    lru_remove(bc, bp);
    busy(bp);
    const write = (bp.oflags & BO_DELWRI) !== 0;
    if (!write) brelsel(bc, bp, BC_INVAL);
    mutex_exit(bc.lock);
    if (write) void (yield* bwrite(bp));
  }
}

/** vinvalbuf(9): forgets all blocks of a vnode, after writing them if `save` asks for it. */
export function* vinvalbuf(
  vp: Vnode,
  save: 'save' | 'discard',
): Generator<void, Errno | undefined, void> {
  const blocks = bufcache_of(curkernel()).hash.get(vp);
  if (blocks === undefined) return undefined;
  let error: Errno | undefined;
  for (const known of [...blocks.values()]) {
    const bp = yield* getblk(vp, known.lblkno, known.data.length);
    if (save === 'save' && (bp.oflags & BO_DELWRI) !== 0) error = (yield* bwrite(bp)) ?? error;
    else yield* brelse(bp, BC_INVAL);
  }
  if (save === 'save') void (yield* vinvalbuf(vp, 'discard'));
  return error;
}

function lru_append(bc: BufCache, bp: Buf): void {
  bp.lruPrev = bc.lruLast;
  if (bc.lruLast === null) bc.lruFirst = bp;
  else bc.lruLast.lruNext = bp;
  bc.lruLast = bp;
}

function lru_prepend(bc: BufCache, bp: Buf): void {
  bp.lruNext = bc.lruFirst;
  if (bc.lruFirst === null) bc.lruLast = bp;
  else bc.lruFirst.lruPrev = bp;
  bc.lruFirst = bp;
}

function lru_remove(bc: BufCache, bp: Buf): void {
  if (bp.lruPrev === null) bc.lruFirst = bp.lruNext;
  else bp.lruPrev.lruNext = bp.lruNext;
  if (bp.lruNext === null) bc.lruLast = bp.lruPrev;
  else bp.lruNext.lruPrev = bp.lruPrev;
  bp.lruPrev = null;
  bp.lruNext = null;
}

/**
 * Work queues: workqueue(9). Follows NetBSD sys/kern/subr_workqueue.c.
 *
 * Order    Work is done first come, first served, by one kernel thread a queue, or one a CPU with
 *          WQ_PERCPU. A piece of work must not be enqueued again before it was begun.
 */

import type { MaySleep } from '../maysleep.ts';
import { curkernel } from '../world/current.ts';
import type { Cpu } from './cpu.ts';
import { cv_broadcast, cv_init, cv_wait, type KCondvar } from './kern_condvar.ts';
import { KTHREAD_MPSAFE, KTHREAD_MUSTJOIN, kthread_create, kthread_join } from './kern_kthread.ts';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_destroy,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from './kern_mutex.ts';
import type { Lwp } from './lwp.ts';
import { KASSERT } from './subr_prf.ts';

export const WQ_MPSAFE = 0x01;
export const WQ_PERCPU = 0x02;

/** What a queue does with a piece of work. */
export type WorkFunction<W> = (work: W, arg: unknown) => MaySleep<unknown>;

/** struct workqueue_queue: what one thread works off. */
export class WorkqueueQueue {
  cpu: Cpu | null;
  lwp: Lwp | null = null;
  cv: KCondvar;
  mutex: KMutex;

  // Guarded by `mutex`.
  pending: unknown[] = [];
  /** The work that is being done. */
  running: unknown = undefined;
  ending = false;

  constructor(name: string, cpu: Cpu | null) {
    this.cpu = cpu;
    this.cv = cv_init(name);
    this.mutex = mutex_obj_alloc(MUTEX_DEFAULT, name);
  }
}

export class Workqueue {
  name: string;
  func: WorkFunction<never>;
  arg: unknown;
  queues: WorkqueueQueue[] = [];

  constructor(name: string, func: WorkFunction<never>, arg: unknown) {
    this.name = name;
    this.func = func;
    this.arg = arg;
  }
}

/** workqueue_create(9). */
export function workqueue_create<W>(
  name: string,
  func: WorkFunction<W>,
  arg: unknown,
  pri: number,
  flags: number,
): Workqueue {
  const wq = new Workqueue(name, func as WorkFunction<never>, arg);
  const cpus = (flags & WQ_PERCPU) !== 0 ? curkernel().cpus : [null];
  for (const cpu of cpus) {
    const q = new WorkqueueQueue(name, cpu);
    const label = cpu === null ? name : `${name}/${cpu.index}`;
    const kind = KTHREAD_MPSAFE | KTHREAD_MUSTJOIN;
    q.lwp = kthread_create(pri, kind, cpu, workqueue_worker, { wq, q }, label);
    wq.queues.push(q);
  }
  return wq;
}

function* workqueue_worker(of: {
  readonly wq: Workqueue;
  readonly q: WorkqueueQueue;
}): Generator<void, void, void> {
  const { wq, q } = of;
  yield* mutex_enter(q.mutex);
  for (;;) {
    while (q.pending.length === 0 && !q.ending) yield* cv_wait(q.cv, q.mutex);
    if (q.pending.length === 0) break;
    const work = q.pending.shift();
    q.running = work;
    mutex_exit(q.mutex);
    yield* wq.func(work as never, wq.arg);
    yield* mutex_enter(q.mutex);
    q.running = undefined;
    cv_broadcast(q.cv);
  }
  mutex_exit(q.mutex);
}

/** workqueue_enqueue(9): on the queue of CPU `ci` with WQ_PERCPU. */
export function* workqueue_enqueue(
  wq: Workqueue,
  work: unknown,
  ci: Cpu | null = null,
): Generator<void, void, void> {
  const q = wq.queues.find((candidate) => candidate.cpu === ci) ?? wq.queues[0];
  yield* mutex_enter(q.mutex);
  KASSERT(!q.pending.includes(work), `workqueue ${wq.name}: work is enqueued twice`);
  q.pending.push(work);
  cv_broadcast(q.cv);
  mutex_exit(q.mutex);
}

/** workqueue_wait(9): returns when `work`, if it was enqueued, is done. */
export function* workqueue_wait(wq: Workqueue, work: unknown): Generator<void, void, void> {
  for (const q of wq.queues) {
    yield* mutex_enter(q.mutex);
    while (q.running === work || q.pending.includes(work)) yield* cv_wait(q.cv, q.mutex);
    mutex_exit(q.mutex);
  }
}

/** workqueue_destroy(9): lets the queues run empty, then ends their threads. */
export function* workqueue_destroy(wq: Workqueue): Generator<void, void, void> {
  for (const q of wq.queues) {
    yield* mutex_enter(q.mutex);
    q.ending = true;
    cv_broadcast(q.cv);
    mutex_exit(q.mutex);
    if (q.lwp !== null) yield* kthread_join(q.lwp);
    mutex_destroy(q.mutex);
  }
}

/**
 * Threads of a program: pthread(3), as far as making, joining and ending them goes. Follows NetBSD
 * lib/libpthread/pthread.c.
 *
 * Example  const t = yield* pthread_create(worker, 7); const result = yield* pthread_join(t);
 *
 * Differs  Functions give their result or an Errno, instead of storing the one and returning the
 *          other. What a thread throws ends the run, as the program's error.
 */

import { type Errno, isErrno } from '../kern/errno.ts';
import type { MaySleep } from '../maysleep.ts';
import { curlwp } from '../world/current.ts';
import { call } from './calls.ts';

/** pthread_t. */
export class Pthread {
  name: string;
  /** Number of its LWP. */
  lid = 0;
  /** What its function returned or pthread_exit() was given. */
  result: unknown = undefined;

  constructor(name: string) {
    this.name = name;
  }
}

interface Start {
  readonly t: Pthread;
  readonly fn: (arg: never) => MaySleep<unknown>;
  readonly arg: unknown;
}

/** pthread_create(3): a thread that runs fn(arg). Errors: EINVAL. */
export function* pthread_create<A>(
  fn: (arg: A) => MaySleep<unknown>,
  arg: A,
  name = '',
): Generator<void, Pthread, void> {
  const t = new Pthread(name);
  const start: Start = { t, fn: fn as Start['fn'], arg };
  t.lid = yield* call<number>('_lwp_create', threadStart, start, 0, name);
  return t;
}

function* threadStart(start: Start): Generator<void, unknown, void> {
  const { t, fn, arg } = start;
  yield* call('_lwp_setprivate', t);
  const result = yield* fn(arg as never);
  t.result = result;
  return result;
}

/** pthread_self(3). */
export function pthread_self(): Pthread {
  const l = curlwp();
  if (l.private instanceof Pthread) return l.private;
  const t = new Pthread(l.name);
  t.lid = l.lid;
  l.private = t;
  return t;
}

/** pthread_join(3): waits for its end; its result. Errors: ESRCH, EINVAL detached, EDEADLK. */
export function* pthread_join(t: Pthread): Generator<void, unknown, void> {
  const lid = yield* call<number | Errno>('_lwp_wait', t.lid);
  return isErrno(lid) ? lid : t.result;
}

/** pthread_detach(3). Errors: ESRCH, EINVAL when it is detached. */
export function pthread_detach(t: Pthread): MaySleep<Errno | undefined> {
  return call('_lwp_detach', t.lid);
}

/** pthread_exit(3): ends the calling thread. Does not return; the last thread ends the process. */
export function pthread_exit(result: unknown): MaySleep<never> {
  pthread_self().result = result;
  return call('_lwp_exit');
}

/** pthread_kill(3). Errors: EINVAL, ESRCH. */
export function pthread_kill(t: Pthread, sig: number): MaySleep<Errno | undefined> {
  return call('_lwp_kill', t.lid, sig);
}

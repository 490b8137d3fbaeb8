/**
 * What `why` watches during a replay: where errnos are made, and every return that passes one on.
 *
 * The run itself keeps only a short ring of origins (kernel/world/errnolog.ts). This log replaces
 * the ring, keeps everything with whole stacks, and also hears of returns, by standing in for the
 * three hooks that see a returned value: ret (a callee's generator ended), take (a callee was done
 * at once) and r (a plain function returns).
 */

import { current, Errno, ErrnoLog, type ErrnoOrigin, Hooks, hooks } from '../../kernel/index.ts';
import { currentStack, type StackFrame } from '../../tracer/index.ts';

/** An errno that was made or passed on. */
export interface ErrnoEvent {
  readonly kind: 'made' | 'returned';
  readonly errno: Errno;
  readonly icount: number;
  /** World-unique number of the LWP, 0 for none, and its name. */
  readonly lwp: number;
  readonly lwpName: string;
  /** Generators on the LWP's stack: returns on the way out have ever fewer. */
  readonly depth: number;
  /** Innermost first; for a return only the frame that the errno arrives in. */
  readonly stack: readonly StackFrame[];
}

/** A system call that failed. */
export interface FailedCall {
  readonly syscall: string;
  readonly args: readonly unknown[];
  readonly errno: Errno;
  readonly lwp: number;
  readonly lwpName: string;
  /** Icounts at which it began and ended. */
  readonly since: number;
  readonly until: number;
  /** Length of `events` when it ended. */
  readonly eventsUntil: number;
}

/** Functions of this file and the hooks, which are no part of anybody's stack. */
const OWN = ['note', '#add', 'errno', 'e', 'ret', 'r', 'take', 'noteReturn', 'heard'];

export class WhyLog extends ErrnoLog {
  readonly events: ErrnoEvent[] = [];
  readonly failures: FailedCall[] = [];

  override note(errno: Errno, site: number, lwp: number): void {
    super.note(errno, site, lwp);
    this.#add('made', errno, currentStack(OWN));
  }

  /** SysError asks this once for every system call that fails. */
  override find(errno: Errno, lwp: number, since: number): ErrnoOrigin | undefined {
    const l = current.lwp;
    this.failures.push({
      syscall: l?.syscall ?? '',
      args: l?.syscallArgs ?? [],
      errno,
      lwp,
      lwpName: l?.name ?? '',
      since,
      until: hooks.icount,
      eventsUntil: this.events.length,
    });
    return super.find(errno, lwp, since);
  }

  noteReturn(errno: Errno): void {
    this.#add('returned', errno, currentStack(OWN).slice(0, 1));
  }

  #add(kind: ErrnoEvent['kind'], errno: Errno, stack: readonly StackFrame[]): void {
    const l = current.lwp;
    this.events.push({
      kind,
      errno,
      icount: hooks.icount,
      lwp: l === null ? 0 : l.id,
      lwpName: l === null ? '' : l.name,
      depth: hooks.fp,
      stack,
    });
  }
}

/** Lets the log hear of returns while `body` runs. */
export function hearingReturns<T>(log: WhyLog, body: () => T): T {
  const { ret, r, take } = Hooks.prototype;
  const heard = <V>(value: V): V => {
    if (value instanceof Errno) log.noteReturn(value);
    return value;
  };
  const own = hooks as { ret: typeof ret; r: typeof r; take: typeof take };
  own.ret = (value) => heard(ret.call(hooks, value));
  own.take = () => heard(take.call(hooks));
  own.r = (value) => heard(r.call(hooks, value) as typeof value);
  try {
    return body();
  } finally {
    for (const name of ['ret', 'r', 'take']) Reflect.deleteProperty(hooks, name);
  }
}

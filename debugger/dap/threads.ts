/**
 * Threads are LWPs. A thread's name says which: its number and name, process, CPU, state and what
 * it waits for.
 *
 *   LWP 3 writer, race.ts[1], cpu 1, sleeping on pipe
 */

import { printable } from '../../corefiles/index.ts';
import type { LwpInfo, Stop, Target } from '../target/index.ts';
import { type Arguments, maybeNumber } from './args.ts';
import { DapError } from './errors.ts';
import type { Requests, Session } from './session.ts';

/** Thread of an interrupt or the boot path, which are no LWP: clients take 0 for none. */
const NO_LWP_THREAD = 1_000_000_000;

/** The thread of an LWP. */
export function threadOf(lwp: number): number {
  return lwp === 0 ? NO_LWP_THREAD : lwp;
}

export class Threads {
  #lwps: readonly LwpInfo[] = [];
  /** The stop at which they were asked for. */
  #asOf: Stop | null = null;
  #asked: Promise<void> = Promise.resolve();
  /** Threads that the client was told of. */
  #told = new Set<number>();

  /** LWPs as they were when the target last stood. */
  get lwps(): readonly LwpInfo[] {
    return this.#lwps;
  }

  /** Asks the target once a stop, and tells the client which threads have come and gone. */
  async refresh(session: Session): Promise<void> {
    const { stop } = session.target;
    if (this.#asOf !== stop) {
      this.#asOf = stop;
      this.#asked = this.#ask(session);
    }
    await this.#asked.catch((thrown) => {
      this.#asOf = null;
      throw thrown;
    });
  }

  async #ask(session: Session): Promise<void> {
    const { target } = session;
    this.#lwps = await target.lwps();
    const now = new Set(threadIds(target, this.#lwps));
    for (const threadId of [...this.#told].filter((id) => !now.has(id))) {
      session.tell('thread', { reason: 'exited', threadId });
    }
    for (const threadId of [...now].filter((id) => !this.#told.has(id))) {
      session.tell('thread', { reason: 'started', threadId });
    }
    this.#told = now;
  }

  /** The LWP that a request's `threadId` means; the one that stands without one. */
  async lwp(session: Session, args: Arguments): Promise<number> {
    const { stop } = session.target;
    const standing = threadOf(stop?.lwp ?? 0);
    const id = maybeNumber(args, 'threadId') ?? standing;
    if (id === standing) return stop?.lwp ?? 0;
    // Who asks at once after a stop may be sooner than the list of it.
    await this.refresh(session);
    if (threadIds(session.target, this.#lwps).includes(id)) return id === NO_LWP_THREAD ? 0 : id;
    throw new DapError('unknown', `There is no LWP ${id} at this moment.`);
  }
}

function threadsOf(target: Target, lwps: readonly LwpInfo[]): { id: number; name: string }[] {
  const kernels = new Set(lwps.map(({ kernel }) => kernel));
  const threads = lwps.map((lwp) => {
    const name = threadName(lwp);
    return { id: threadOf(lwp.id), name: kernels.size > 1 ? `${lwp.kernel}: ${name}` : name };
  });
  if (!standsWithoutLwp(target, lwps)) return threads;
  return [{ id: NO_LWP_THREAD, name: 'no LWP: interrupt or boot' }, ...threads];
}

function threadIds(target: Target, lwps: readonly LwpInfo[]): number[] {
  const ids = lwps.map(({ id }) => threadOf(id));
  return standsWithoutLwp(target, lwps) ? [NO_LWP_THREAD, ...ids] : ids;
}

function standsWithoutLwp(target: Target, lwps: readonly LwpInfo[]): boolean {
  return target.stop?.lwp === 0 || lwps.length === 0;
}

/** What people see of an LWP. */
export function threadName({ id, name, procName, pid, cpu, stat, wmesg }: LwpInfo): string {
  // One that runs is about to wait for it, or was woken.
  const state =
    wmesg === '' ? stat : stat === 'sleeping' ? `${stat} on ${wmesg}` : `${stat} (${wmesg})`;
  return printable(`LWP ${id} ${name}, ${procName}[${pid}], cpu ${cpu}, ${state}`);
}

export const threadRequests: Requests = {
  threads: {
    when: 'open',
    handle: async (session) => {
      const { target, threads, mover, gate } = session;
      // While it runs, a client gets those that were there when it last stood.
      if (!mover.moving && target.stop !== null) {
        await gate.share(async () => {
          if (!mover.moving) await threads.refresh(session);
        });
      }
      return { threads: threadsOf(target, threads.lwps) };
    },
  },
};

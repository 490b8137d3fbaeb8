/**
 * What the editor's views show of a moment: the schedule, locks and who waits for whom, the system
 * calls of an LWP, and the last events. All is read, nothing moves.
 */

import { locksReport } from '../../corefiles/index.ts';
import { timelineOf } from '../../tracer/index.ts';
import type { EventLine } from '../target/index.ts';
import { type Arguments, maybeNumber, maybeText } from './args.ts';
import type { Answer, Requests, Session } from './session.ts';

/** Events that are looked at when a request does not say how many. */
const EVENTS = 200;
const EVENTS_MAX = 100_000;

function countOf(args: Arguments): number {
  return Math.min(maybeNumber(args, 'count', 1) ?? EVENTS, EVENTS_MAX);
}

async function events(session: Session, args: Arguments): Promise<Answer> {
  const wanted = maybeText(args, 'event') ?? '';
  const list = await session.target.trace(countOf(args));
  return { events: list.filter((event) => isOf(event, wanted)) };
}

/** `lock` means lock:wait, lock:acquire and lock:release. */
function isOf({ kind }: EventLine, wanted: string): boolean {
  return wanted === '' || kind === wanted || kind.startsWith(`${wanted}:`);
}

/** Lanes of virtual CPUs around this moment, as tracer/timeline draws them. */
async function schedule(session: Session, args: Arguments): Promise<Answer> {
  const { target, threads } = session;
  const list = await target.trace(countOf(args));
  const names = new Map(threads.lwps.map(({ id, name }) => [id, `${name}#${id}`]));
  const { lastIcount, stop } = target;
  return timelineOf(list, { icount: stop?.icount ?? 0, lastIcount, names });
}

async function locks(session: Session): Promise<Answer> {
  return locksReport(await session.target.state());
}

/** System calls that an LWP made, and the one that it is in. */
async function syscalls(session: Session, args: Arguments): Promise<Answer> {
  const { target, threads } = session;
  const lwp = maybeNumber(args, 'lwp') ?? target.stop?.lwp ?? 0;
  const list = await target.trace(EVENTS_MAX);
  const own = list.filter((event) => event.lwp === lwp && isOf(event, 'syscall'));
  const current = threads.lwps.find(({ id }) => id === lwp)?.syscall ?? '';
  return { lwp, current, events: own.slice(-countOf(args)) };
}

export const viewRequests: Requests = {
  'rumpus/events': { when: 'stopped', handle: events },
  'rumpus/schedule': { when: 'stopped', handle: schedule },
  'rumpus/locks': { when: 'stopped', handle: locks },
  'rumpus/syscalls': { when: 'stopped', handle: syscalls },
};

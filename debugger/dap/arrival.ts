/**
 * Arrival: what a client is told when the target stands again: `stopped`, with `invalidated` after
 * moves in time, or `exited` and `terminated` when the run is over.
 *
 *   { reason: 'breakpoint', description: '…', threadId: 3, allThreadsStopped: true,
 *     hitBreakpointIds: [2], rumpus: { icount: 1204, virtualTimeNs: 12040, diverted: false, … } }
 */

import type { Motion, Stop, StopReason } from '../target/index.ts';
import { notice } from './output.ts';
import type { Session } from './session.ts';
import { threadOf } from './threads.ts';
import { invalidate, tellDiversion } from './writes.ts';

/** Exit statuses, as the command line has them. */
const EXIT_PASSED = 0;
const EXIT_FINDING = 1;

/** Reasons that clients have icons and words for. */
const REASONS: Partial<Readonly<Record<StopReason, string>>> = {
  errno: 'exception',
  throw: 'exception',
  verdict: 'exception',
  start: 'entry',
  blocked: 'pause',
};

const DESCRIPTIONS: Partial<Readonly<Record<StopReason, string>>> = {
  start: 'The beginning of the run: there is nothing before it',
  end: 'The end of the run',
  blocked: 'The LWP that ran alone sleeps',
};

/** Motions that do not go forwards from where the target stood. */
function travelsInTime(motion: Motion): boolean {
  if (motion.kind === 'step') return motion.how.startsWith('back');
  if ('backwards' in motion) return motion.backwards;
  return ['reverse-continue', 'goto', 'restart-frame'].includes(motion.kind);
}

/** The target stands after these motions. */
export async function arrived(
  session: Session,
  stop: Stop,
  motions: readonly Motion[],
  reason?: string,
): Promise<void> {
  if (session.phase !== 'open') return;
  session.capabilities.update(session);
  tellDiversion(session);
  if (stop.reason === 'end' && session.configuration?.stopOnEnd !== true) {
    tellVerdict(session, stop);
    ended(session, exitStatus(stop));
    return;
  }
  if (stop.outcome !== null) tellVerdict(session, stop);
  if (motions.some(travelsInTime)) invalidate(session, ['all']);
  // VS Code gives up looking at a thread of which it is told after the stop that it has started.
  await refreshThreads(session);
  tellStopped(session, stop, reason);
}

/** A move failed, or did nothing: the client is told where the target stands. */
export function arrivedAgain(session: Session, why = ''): void {
  const { stop } = session.target;
  if (stop !== null) tellStopped(session, { ...stop, description: why }, 'pause');
}

function tellStopped(session: Session, stop: Stop, reason?: string): void {
  const description = stop.description || DESCRIPTIONS[stop.reason] || '';
  // That of a move to a line is nobody's.
  const hit = stop.breakpoints.filter((id) => session.breakpoints.isKnown(id));
  const marked = stop.diverted ? `${description} (diversion)`.trim() : description;
  session.tell('stopped', {
    reason: reason ?? REASONS[stop.reason] ?? stop.reason,
    ...(marked === '' ? {} : { description: marked, text: marked }),
    threadId: threadOf(stop.lwp),
    allThreadsStopped: true,
    ...(hit.length > 0 ? { hitBreakpointIds: hit } : {}),
    rumpus: momentOf(session, stop),
  });
}

/** What the extension shows of a moment. */
export function momentOf(session: Session, stop: Stop): object {
  const { reason, icount, virtualTimeNs, lwp, inside, diverted, change, outcome } = stop;
  const { lastIcount } = session.target;
  return { reason, icount, lastIcount, virtualTimeNs, lwp, inside, diverted, change, outcome };
}

/** Once, however often one goes back from it and comes again. */
function tellVerdict(session: Session, { outcome }: Stop): void {
  if (outcome === null) return;
  const { verdict, message, icount } = outcome;
  const what = `${message === '' ? verdict : `${verdict}: ${message}`} (icount ${icount})`;
  if (session.verdictTold === what) return;
  session.verdictTold = what;
  notice(session, what, verdict === 'passed' ? 'console' : 'stderr');
}

/** The exit status that a run's end means. */
export function exitStatus({ outcome }: Stop): number {
  return outcome === null || outcome.verdict === 'passed' ? EXIT_PASSED : EXIT_FINDING;
}

/** The run is over for the client. */
export function ended(session: Session, exitCode: number): void {
  session.tell('exited', { exitCode });
  session.tell('terminated');
}

async function refreshThreads(session: Session): Promise<void> {
  await session.gate
    .share(async () => {
      if (!session.mover.moving) await session.threads.refresh(session);
    })
    // The client asks for threads itself, and is told then what is wrong.
    .catch(() => undefined);
}

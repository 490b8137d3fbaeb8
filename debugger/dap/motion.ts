/**
 * Motion: continue, steps, going back, restart frame, pause and cancel. Each is answered at once,
 * or refused in a sentence; the `stopped` event follows when the target stands.
 */

import type { Motion } from '../target/index.ts';
import {
  type Arguments,
  maybeFlag,
  maybeNumber,
  maybeText,
  maybeWord,
  wholeNumber,
} from './args.ts';
import { arrivedAgain, ended, exitStatus } from './arrival.ts';
import { DapError } from './errors.ts';
import type { MoveWish } from './mover.ts';
import type { Answer, Call, Requests, Session } from './session.ts';

type StepMotion = Extract<Motion, { kind: 'step' }>;

/** Refuses what the target cannot do where it stands. */
export function checkCan(session: Session, what: 'forwards' | 'backwards' | 'holdsOthers'): void {
  const can = session.target.capabilities();
  if (can[what]) return;
  const otherwise = {
    forwards: 'This cannot run.',
    backwards: 'This cannot go back.',
    holdsOthers: 'The other LWPs cannot be held here: the schedule is that of a recording.',
  };
  throw new DapError('target', can.reason || otherwise[what]);
}

/** Starts a motion after the answer. Forwards from the end of a run, the run is over. */
export function go(session: Session, call: Call, motion: Motion, wish: MoveWish = {}): void {
  if (call.signal.aborted) throw new DapError('cancelled', 'The request was cancelled.');
  const { stop } = session.target;
  if (stop !== null && stop.outcome !== null && isForwards(motion)) {
    call.afterwards(() => ended(session, exitStatus(stop)));
    return;
  }
  call.afterwards(session.mover.claim([motion], wish));
}

function isForwards(motion: Motion): boolean {
  if (motion.kind === 'step') return !motion.how.startsWith('back');
  return motion.kind === 'continue' || ('backwards' in motion && !motion.backwards);
}

/** The LWP that a motion is of. */
async function lwpOf(session: Session, args: Arguments): Promise<number> {
  const lwp = await session.gate.share(() => session.threads.lwp(session, args));
  if (session.mover.moving) throw new DapError('notStopped', 'The program runs: pause it first.');
  return lwp;
}

async function continueOn(session: Session, args: Arguments, call: Call): Promise<Answer> {
  checkCan(session, 'forwards');
  const only = maybeFlag(args, 'singleThread') ?? false;
  if (only) checkCan(session, 'holdsOthers');
  const motion: Motion = only
    ? { kind: 'continue', only: await lwpOf(session, args) }
    : { kind: 'continue' };
  go(session, call, motion);
  return { allThreadsContinued: !only };
}

function step(how: StepMotion['how']): Requests[string] {
  const backwards = how.startsWith('back');
  return {
    when: 'moves',
    handle: async (session, args, call) => {
      checkCan(session, backwards ? 'backwards' : 'forwards');
      go(session, call, await stepMotion(session, how, args));
      return undefined;
    },
  };
}

async function stepMotion(
  session: Session,
  how: StepMotion['how'],
  args: Arguments,
): Promise<StepMotion> {
  const only = maybeFlag(args, 'singleThread') ?? false;
  if (only) checkCan(session, 'holdsOthers');
  if (only && how.startsWith('back')) {
    throw new DapError('target', 'Going back cannot hold other LWPs: it happened as it happened.');
  }
  const words = ['statement', 'line', 'instruction'] as const;
  const granularity = maybeWord(args, 'granularity', words);
  const targetId = how === 'in' ? maybeNumber(args, 'targetId') : undefined;
  return {
    kind: 'step',
    how,
    lwp: await lwpOf(session, args),
    // An instruction is a statement here.
    ...(granularity && { granularity: granularity === 'line' ? 'line' : 'statement' }),
    ...(targetId === undefined ? {} : { target: session.gotos.stepTarget(targetId) }),
    ...(only ? { only } : {}),
  };
}

function reverseContinue(session: Session, args: Arguments, call: Call): Answer {
  checkCan(session, 'backwards');
  if (maybeFlag(args, 'singleThread') === true) {
    throw new DapError('target', 'Going back cannot hold other LWPs: it happened as it happened.');
  }
  go(session, call, { kind: 'reverse-continue' });
  return undefined;
}

async function restartFrame(session: Session, args: Arguments, call: Call): Promise<Answer> {
  checkCan(session, 'backwards');
  const id = wholeNumber(args, 'frameId');
  const frame = await session.gate.share(() => session.registry.frame(session.target, id));
  go(session, call, { kind: 'restart-frame', frame: frame.id }, { reason: 'restart' });
  return undefined;
}

/** What stands already, because the stop crossed the request on its way, is told again. */
function pause(session: Session, _args: Arguments, call: Call): Answer {
  if (session.mover.away) session.mover.pause();
  else call.afterwards(() => arrivedAgain(session));
  return undefined;
}

function cancel(session: Session, args: Arguments): Answer {
  const requestId = maybeNumber(args, 'requestId');
  const progressId = maybeText(args, 'progressId');
  if (requestId !== undefined) session.cancel(requestId);
  if (progressId !== undefined && !session.progress.cancel(progressId)) {
    throw new DapError('unknown', `There is no progress '${progressId.slice(0, 60)}' to cancel.`);
  }
  return undefined;
}

export const motionRequests: Requests = {
  continue: { when: 'moves', handle: continueOn },
  next: step('over'),
  stepIn: step('in'),
  stepOut: step('out'),
  stepBack: step('back'),
  'rumpus/stepBackIn': step('back-in'),
  'rumpus/stepBackOut': step('back-out'),
  reverseContinue: { when: 'moves', handle: reverseContinue },
  restartFrame: { when: 'moves', handle: restartFrame },
  pause: { when: 'open', handle: pause },
  cancel: { when: 'always', handle: cancel },
};

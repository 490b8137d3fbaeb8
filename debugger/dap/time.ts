/**
 * Going through time, beyond what the protocol has: `rumpus/goto` and its like. Each is answered
 * when the target stands again, with the moment; a client also gets `continued` and `stopped`.
 */

import { isEventKind } from '../../tracer/index.ts';
import type { Motion } from '../target/index.ts';
import { type Arguments, maybeFlag, maybeText, maybeWord, wholeNumber } from './args.ts';
import { momentOf } from './arrival.ts';
import { dataInfoOf } from './data.ts';
import { DapError } from './errors.ts';
import { checkCan } from './motion.ts';
import type { Answer, Call, Requests, RequestEntry, Session } from './session.ts';

/** A request that goes where `motion` says. */
function travelling(
  motion: (session: Session, args: Arguments) => Motion | Promise<Motion>,
): RequestEntry {
  return {
    when: 'moves',
    handle: async (session, args, call) => {
      const wanted = await motion(session, args);
      return travel(session, wanted, call);
    },
  };
}

/** Makes a move and gives the moment to which it led. */
export async function travel(session: Session, motion: Motion, call: Call): Promise<Answer> {
  checkWay(session, motion);
  const reason = motion.kind === 'goto' ? { reason: 'goto' } : {};
  return momentOf(session, await session.mover.travel([motion], call, reason));
}

function checkWay(session: Session, motion: Motion): void {
  if (motion.kind === 'goto') {
    const here = session.target.stop?.icount ?? 0;
    if (motion.icount < here) checkCan(session, 'backwards');
    if (motion.icount > here) checkCan(session, 'forwards');
  } else if ('backwards' in motion) {
    checkCan(session, motion.backwards ? 'backwards' : 'forwards');
  }
}

const backwards = (args: Arguments): boolean => maybeFlag(args, 'backwards') ?? false;

/** A kind of event, or the beginning of some: `lock`; any without one. */
function eventOf(args: Arguments): string {
  const event = maybeText(args, 'event') ?? '';
  if (event === '' || isEventKind(event)) return event;
  throw new DapError('argument', `There is no event '${event}': syscall, errno, lock:wait… are.`);
}

/** What a request means by a data id, or by a variable. */
async function dataIdOf(session: Session, args: Arguments): Promise<string> {
  const given = maybeText(args, 'dataId');
  if (given !== undefined) return given;
  const { dataId, description } = await session.gate.share(() => dataInfoOf(session, args));
  if (dataId === null) throw new DapError('target', description);
  return dataId;
}

/** Where the target stands. */
function where(session: Session): Answer {
  const { target, mover, configuration } = session;
  const { stop } = target;
  const { reason } = target.capabilities();
  return {
    kind: target.kind,
    name: configuration?.name,
    program: target.program,
    moving: mover.moving || stop === null,
    stop: stop === null || mover.moving ? null : momentOf(session, stop),
    icount: stop?.icount,
    lastIcount: target.lastIcount,
    diverted: stop?.diverted ?? false,
    ...(reason === '' ? {} : { reason }),
  };
}

export const timeRequests: Requests = {
  'rumpus/where': { when: 'open', handle: where },
  'rumpus/goto': travelling((_session, args) => ({
    kind: 'goto',
    icount: wholeNumber(args, 'icount'),
  })),
  'rumpus/schedulingPoint': travelling((_session, args) => ({
    kind: 'scheduling-point',
    backwards: backwards(args),
  })),
  'rumpus/switch': travelling((_session, args) => ({
    kind: 'switch',
    backwards: backwards(args),
  })),
  'rumpus/event': travelling((_session, args) => ({
    kind: 'event',
    backwards: backwards(args),
    event: eventOf(args),
  })),
  'rumpus/lastWrite': travelling(async (session, args) => ({
    kind: 'write',
    backwards: maybeWord(args, 'direction', ['last', 'next']) !== 'next',
    dataId: await dataIdOf(session, args),
  })),
};

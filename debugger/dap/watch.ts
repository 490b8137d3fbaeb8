/**
 * The value of an expression at another moment: the target goes there, looks, and comes back. The
 * client sees none of it, but values that it has open must be asked for again.
 */

import type { FrameInfo, Stop, Variable } from '../target/index.ts';
import { type Arguments, maybeNumber, text, wholeNumber } from './args.ts';
import { arrivedAgain } from './arrival.ts';
import { DapError } from './errors.ts';
import { checkCan } from './motion.ts';
import type { Answer, Call, Requests, Session } from './session.ts';
import { invalidate } from './writes.ts';

const LOOK_MS = 1000;

async function watchAt(session: Session, args: Arguments, call: Call): Promise<Answer> {
  const expression = text(args, 'expression');
  const icount = wholeNumber(args, 'icount');
  const lwp = maybeNumber(args, 'lwp');
  const { stop } = session.target;
  if (stop === null) throw new DapError('notStopped', 'The program runs: pause it first.');
  checkCan(session, 'backwards');
  try {
    const there = await session.mover.excursion({ kind: 'goto', icount }, call.signal);
    if (there.icount !== icount) throw new DapError('target', `${icount} was not reached.`);
    const frames = await session.target.stack(lwp ?? there.lwp);
    const { value, type } = await firstValue(session, expression, frames);
    return { result: value, type, icount, lwp: lwp ?? there.lwp };
  } finally {
    await comeBack(session, stop);
  }
}

/** The value in the innermost frame that has one; the first refusal when none has. */
async function firstValue(
  session: Session,
  expression: string,
  frames: readonly FrameInfo[],
): Promise<Variable> {
  let refusal: unknown;
  for (const frame of [...frames.map(({ id }) => id), undefined]) {
    const options = { frame, sideEffects: 'refused', timeoutMs: LOOK_MS } as const;
    try {
      return await session.target.evaluate(expression, options);
    } catch (thrown) {
      refusal ??= thrown;
    }
  }
  throw refusal;
}

/** Back to where the client believes the target to be. */
async function comeBack(session: Session, from: Stop): Promise<void> {
  const never = new AbortController().signal;
  session.registry.forgetValues();
  let stop = await session.mover.excursion({ kind: 'goto', icount: from.icount }, never);
  // A verdict, an errno or a throw is inside the statement before which one stands now.
  if (from.inside) stop = await session.mover.excursion({ kind: 'continue' }, never);
  invalidate(session, ['variables', 'stacks']);
  if (stop.icount !== from.icount || stop.inside !== from.inside) {
    arrivedAgain(session, 'Looking at another moment has led here.');
  }
}

export const watchRequests: Requests = { 'rumpus/watchAt': { when: 'alone', handle: watchAt } };

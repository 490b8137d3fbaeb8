/** How commands take the target to another moment; moves.ts has their names. */

import { wholeNumber } from '../run/spec.ts';
import { type Motion, type Stop, TargetError } from '../target/index.ts';
import { chosenFrame, theFrame } from './frames.ts';
import type { Call, CommandResult } from './types.ts';
import { stopText } from './where.ts';

const COUNT_MAX = 1_000_000;
const ICOUNT_MAX = Number.MAX_SAFE_INTEGER;

type How = Extract<Motion, { kind: 'step' }>['how'];

async function go({ target, context, stop }: Call, motion: Motion): Promise<Stop> {
  if (leadsOn(motion) && stop.outcome !== null) {
    throw new TargetError('the run ends here: back, reverse-continue, goto and run lead elsewhere');
  }
  return context.move === undefined ? target.move(motion) : context.move(motion);
}

/** Whether a motion only leads forwards. */
function leadsOn(motion: Motion): boolean {
  if (motion.kind === 'continue') return true;
  if (motion.kind === 'step') return !motion.how.startsWith('back');
  return 'backwards' in motion && !motion.backwards;
}

async function arrived({ target }: Call, stop: Stop): Promise<CommandResult> {
  return { text: await stopText(target, stop), stop };
}

/** A move that takes no argument. */
export function single(motion: Motion) {
  return async (call: Call) => {
    if (call.rest !== '') throw new TargetError(`'${call.rest}' says nothing to this command`);
    return arrived(call, await go(call, motion));
  };
}

/** `step`, `step 5`, `step FUNCTION`: repeated while nothing else stops it. */
export function stepping(how: How) {
  return async (call: Call): Promise<CommandResult> => {
    const { words, context, modifier } = call;
    const [word = '1'] = words;
    const { stop: from } = call;
    if (from.reason === 'end' && how.startsWith('back')) return toLast(call);
    if (how.endsWith('out')) return leave(call, how);
    const lwp = context.lwp ?? from.lwp;
    const isCount = /^\d/.test(word);
    if (!isCount && how !== 'in') throw new TargetError('this takes a number of steps');
    const motion: Motion = {
      kind: 'step',
      how,
      lwp,
      ...(isCount ? {} : { target: await stepTarget(call, lwp, word) }),
      ...(modifier === 'o' ? { only: true } : {}),
    };
    const count = isCount ? wholeNumber('a number of steps', word, 1, COUNT_MAX) : 1;
    let stop = await go(call, motion);
    for (let i = 1; i < count && stop.reason === 'step'; i++) stop = await go(call, motion);
    return arrived(call, stop);
  };
}

/** Out of the chosen frame, and of all that it called: the stack is then one frame shorter. */
async function leave(call: Call, how: How): Promise<CommandResult> {
  if (call.rest !== '') throw new TargetError(`'${call.rest}' says nothing to this command`);
  const { lwp, frames, index } = await chosenFrame(call);
  const isChosen = frames[index]?.id === call.context.frame;
  const left = frames.length - (isChosen ? index : 0) - 1;
  const motion: Motion = { kind: 'step', how, lwp };
  let stop = await go(call, motion);
  while (stop.reason === 'step' && (await call.target.stack(lwp)).length > left) {
    stop = await go(call, motion);
  }
  return arrived(call, stop);
}

/** From the end, where no LWP stands, a step back is to the last statement of the run. */
async function toLast(call: Call): Promise<CommandResult> {
  return arrived(call, await go(call, { kind: 'goto', icount: call.stop.icount }));
}

/** The function as the statement calls it. Errors: it does not. */
async function stepTarget({ target }: Call, lwp: number, name: string): Promise<string> {
  const [top] = await target.stack(lwp);
  const names = top === undefined ? [] : await target.stepTargets(top.id);
  const found = names.find((one) => one === name || one === `sys_${name}`);
  if (found !== undefined) return found;
  const calls = names.length === 0 ? 'no function that is known' : names.join(', ');
  throw new TargetError(`this statement does not call ${name}: it calls ${calls}`);
}

/** `continue`, `continue/o`. */
export async function goOn(call: Call): Promise<CommandResult> {
  const { modifier, context, stop, rest } = call;
  if (rest !== '') throw new TargetError('continue takes no argument: goto N runs to an icount');
  const only = modifier === 'o' ? { only: context.lwp ?? stop.lwp } : {};
  return arrived(call, await go(call, { kind: 'continue', ...only }));
}

/** `goto 1204`, `goto 1,204`, `goto -10`, `goto +10`, `goto end`, `goto start`. */
export async function goTo(call: Call): Promise<CommandResult> {
  const { rest, stop, target } = call;
  if (rest === 'start') return arrived(call, await go(call, { kind: 'start' }));
  const [, sign = '', digits] = /^([+-]?)([\d,_]+)$/.exec(rest) ?? [];
  if (digits === undefined && rest !== 'end') {
    throw new TargetError('goto takes an icount: goto 1204, goto -10, goto +10, start or end');
  }
  const number = Number((digits ?? '').replace(/[,_]/g, ''));
  const relative = sign === '+' ? stop.icount + number : stop.icount - number;
  const wanted = sign === '' ? number : relative;
  const icount = rest === 'end' ? target.lastIcount : Math.max(1, wanted);
  if (icount > ICOUNT_MAX) throw new TargetError('no run is that long');
  return arrived(call, await go(call, { kind: 'goto', icount }));
}

/** `last-write vp.size`. */
export async function lastWrite(call: Call): Promise<CommandResult> {
  return toWrite(call, true);
}

/** `next-write vp.size`. */
export async function nextWrite(call: Call): Promise<CommandResult> {
  return toWrite(call, false);
}

async function toWrite(call: Call, backwards: boolean): Promise<CommandResult> {
  const { target, rest } = call;
  if (rest === '') throw new TargetError('of which field? last-write vp.size');
  const frame = await theFrame(call);
  const { dataId, description } = await target.dataInfo(rest, undefined, frame.id);
  if (dataId === null) throw new TargetError(description);
  return arrived(call, await go(call, { kind: 'write', backwards, dataId }));
}

/** `event`, `event lock`. */
export async function event(call: Call): Promise<CommandResult> {
  return arrived(call, await go(call, { kind: 'event', backwards: false, event: call.rest }));
}

/** `reverse-event`, `reverse-event lock`. */
export async function reverseEvent(call: Call): Promise<CommandResult> {
  return arrived(call, await go(call, { kind: 'event', backwards: true, event: call.rest }));
}

/** `restart-frame`, of the chosen frame. */
export async function restartFrame(call: Call): Promise<CommandResult> {
  const { id } = await theFrame(call);
  return arrived(call, await go(call, { kind: 'restart-frame', frame: id }));
}

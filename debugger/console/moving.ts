/** Commands that take the target to another moment, forwards and backwards. */

import { wholeNumber } from '../run/spec.ts';
import { type Motion, type Stop, TargetError } from '../target/index.ts';
import { chosenFrame, theFrame } from './frames.ts';
import type { Call, Command, CommandGroup, CommandResult } from './types.ts';
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

function single(motion: Motion) {
  return async (call: Call) => {
    if (call.rest !== '') throw new TargetError(`'${call.rest}' says nothing to this command`);
    return arrived(call, await go(call, motion));
  };
}

/** `step`, `step 5`, `step FUNCTION`: repeated while nothing else stops it. */
function stepping(how: How) {
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

async function goOn(call: Call): Promise<CommandResult> {
  const { modifier, context, stop, rest } = call;
  if (rest !== '') throw new TargetError('continue takes no argument: goto N runs to an icount');
  const only = modifier === 'o' ? { only: context.lwp ?? stop.lwp } : {};
  return arrived(call, await go(call, { kind: 'continue', ...only }));
}

/** `goto 1204`, `goto 1,204`, `goto -10`, `goto +10`, `goto end`, `goto start`. */
async function goTo(call: Call): Promise<CommandResult> {
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

async function lastWrite(call: Call): Promise<CommandResult> {
  return toWrite(call, true);
}

async function nextWrite(call: Call): Promise<CommandResult> {
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

async function event(call: Call): Promise<CommandResult> {
  return arrived(call, await go(call, { kind: 'event', backwards: false, event: call.rest }));
}

async function reverseEvent(call: Call): Promise<CommandResult> {
  return arrived(call, await go(call, { kind: 'event', backwards: true, event: call.rest }));
}

async function restartFrame(call: Call): Promise<CommandResult> {
  const { id } = await theFrame(call);
  return arrived(call, await go(call, { kind: 'restart-frame', frame: id }));
}

const FORWARDS: readonly Command[] = [
  {
    name: 'run',
    aliases: ['r', 'restart'],
    usage: 'run',
    summary: 'from the beginning, up to the first statement of main',
    when: 'always',
    run: single({ kind: 'start' }),
  },
  {
    name: 'continue',
    when: 'stands',
    aliases: ['c'],
    usage: 'continue[/o]',
    summary: 'run on, to a breakpoint or the end (/o: only this LWP)',
    modifiers: 'o',
    run: goOn,
  },
  {
    name: 'step',
    when: 'stands',
    aliases: ['s'],
    usage: 'step[/o] [N | FUNCTION]',
    summary: 'a statement of this LWP, into calls',
    modifiers: 'o',
    run: stepping('in'),
  },
  {
    name: 'next',
    when: 'stands',
    aliases: ['n'],
    usage: 'next[/o] [N]',
    summary: 'a statement of this LWP, over calls',
    modifiers: 'o',
    run: stepping('over'),
  },
  {
    name: 'finish',
    when: 'stands',
    aliases: ['fin'],
    usage: 'finish',
    summary: 'to where the chosen frame was called',
    run: stepping('out'),
  },
  {
    name: 'switch',
    when: 'stands',
    usage: 'switch',
    summary: 'to where another LWP runs',
    run: single({ kind: 'switch', backwards: false }),
  },
  {
    name: 'point',
    when: 'stands',
    usage: 'point',
    summary: 'to the next point where the scheduler could choose',
    run: single({ kind: 'scheduling-point', backwards: false }),
  },
  {
    name: 'event',
    when: 'stands',
    usage: 'event [KIND]',
    summary: 'to the next event: syscall, errno, lock…',
    run: event,
  },
  {
    name: 'next-write',
    when: 'stands',
    usage: 'next-write EXPR',
    summary: 'to the next write of a field',
    run: nextWrite,
  },
];

const BACKWARDS: readonly Command[] = [
  {
    name: 'back',
    when: 'stands',
    aliases: ['reverse-next', 'rn'],
    usage: 'back [N]',
    summary: 'a statement of this LWP back, over calls',
    run: stepping('back'),
  },
  {
    name: 'reverse-step',
    when: 'stands',
    aliases: ['rs', 'back-in'],
    usage: 'reverse-step [N]',
    summary: 'the same, into the end of what was called',
    run: stepping('back-in'),
  },
  {
    name: 'reverse-finish',
    when: 'stands',
    aliases: ['rf', 'back-out'],
    usage: 'reverse-finish',
    summary: 'back to the call of the chosen frame',
    run: stepping('back-out'),
  },
  {
    name: 'reverse-continue',
    when: 'stands',
    aliases: ['rc'],
    usage: 'reverse-continue',
    summary: 'back to the previous breakpoint, or the beginning',
    run: single({ kind: 'reverse-continue' }),
  },
  {
    name: 'last-write',
    when: 'stands',
    usage: 'last-write EXPR',
    summary: 'back to where a field was last written',
    run: lastWrite,
  },
  {
    name: 'reverse-switch',
    when: 'stands',
    usage: 'reverse-switch',
    summary: 'back to where another LWP ran',
    run: single({ kind: 'switch', backwards: true }),
  },
  {
    name: 'reverse-point',
    when: 'stands',
    usage: 'reverse-point',
    summary: 'back to the previous scheduling point',
    run: single({ kind: 'scheduling-point', backwards: true }),
  },
  {
    name: 'reverse-event',
    when: 'stands',
    usage: 'reverse-event [KIND]',
    summary: 'back to the previous event',
    run: reverseEvent,
  },
  {
    name: 'restart-frame',
    when: 'stands',
    usage: 'restart-frame',
    summary: 'back to the entry of the chosen frame',
    run: restartFrame,
  },
  {
    name: 'goto',
    when: 'stands',
    usage: 'goto ICOUNT | +N | -N | start | end',
    summary: 'to an icount, forwards or back',
    run: goTo,
  },
];

export const MOVING: readonly CommandGroup[] = [
  { title: 'Forwards', commands: FORWARDS },
  { title: 'Through time', commands: BACKWARDS },
];

/** LWPs and frames: which one is meant, and commands that choose another. */

import { printable } from '../../corefiles/index.ts';
import { wholeNumber } from '../run/spec.ts';
import { type FrameInfo, type Stop, TargetError } from '../target/index.ts';
import { numberedLine, placeLine, sourceLines } from './source.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

const NUMBER_MAX = 0x7fffffff;

/** The chosen LWP with its stack, and the frame in it. */
export interface Chosen {
  readonly lwp: number;
  readonly frames: readonly FrameInfo[];
  /** 0 is the innermost. */
  readonly index: number;
}

type Asked = Pick<Call, 'target' | 'context' | 'stop'>;

/** What the context chose; else the frame where the target stands. */
export async function chosenFrame({ target, context, stop }: Asked): Promise<Chosen> {
  const lwp = context.lwp ?? stop.lwp;
  const frames = await target.stack(lwp);
  const found = frames.findIndex(({ id }) => id === context.frame);
  return { lwp, frames, index: found < 0 ? standingIndex(frames, lwp, stop) : found };
}

/** The frame of the stop's place: a failure is where it happened, not in what noticed it. */
export function standingIndex(frames: readonly FrameInfo[], lwp: number, stop: Stop): number {
  const { path, lineBase1 } = stop.place;
  if (lwp !== stop.lwp || path === '') return 0;
  const isThere = (frame: FrameInfo) => frame.path === path && frame.lineBase1 === lineBase1;
  return Math.max(0, frames.findIndex(isThere));
}

/** The chosen frame itself. Errors: the LWP has none. */
export async function theFrame(asked: Asked): Promise<FrameInfo> {
  const { frames, index, lwp } = await chosenFrame(asked);
  const frame = frames[index];
  if (frame === undefined) throw new TargetError(`LWP ${lwp} has no stack at this moment`);
  return frame;
}

/** Goes to a frame: what `frame`, `up` and `down` answer. */
async function select(call: Call, { lwp, frames, index }: Chosen): Promise<CommandResult> {
  const frame = frames[index];
  const [line] = await sourceLines(call.target, frame.path, frame.lineBase1, frame.lineBase1);
  const text = [`#${index} ${placeLine(frame)}`];
  if (line !== undefined) text.push(numberedLine(frame.lineBase1, line));
  return { text: text.join('\n'), selected: { lwp, frame: frame.id } };
}

async function frame(call: Call): Promise<CommandResult> {
  const chosen = await chosenFrame(call);
  const [word] = call.words;
  const index = word === undefined ? chosen.index : wholeNumber('a frame', word, 0, NUMBER_MAX);
  if (index >= chosen.frames.length) throw noFrame(chosen);
  return select(call, { ...chosen, index });
}

function noFrame({ lwp, frames }: Chosen): TargetError {
  if (frames.length === 0) return new TargetError(`LWP ${lwp} has no stack at this moment`);
  return new TargetError(`the stack of LWP ${lwp} has frames 0 to ${frames.length - 1}`);
}

function moved(by: 1 | -1) {
  return async (call: Call): Promise<CommandResult> => {
    const chosen = await chosenFrame(call);
    const count = wholeNumber('a number of frames', call.words[0] ?? '1', 1, NUMBER_MAX);
    const last = chosen.frames.length - 1;
    if (by > 0 && chosen.index >= last) throw new TargetError('this is the outermost frame');
    if (by < 0 && chosen.index <= 0) throw new TargetError('this is the innermost frame');
    const index = Math.min(last, Math.max(0, chosen.index + by * count));
    return select(call, { ...chosen, index });
  };
}

/** Chooses an LWP; without a number, says which is chosen. */
async function lwp(call: Call): Promise<CommandResult> {
  const { target, words, context, stop } = call;
  const number =
    words[0] === undefined ? undefined : wholeNumber('an LWP', words[0], 0, NUMBER_MAX);
  const id = number ?? context.lwp ?? stop.lwp;
  const lwps = await target.lwps();
  const found = lwps.find((one) => one.id === id);
  if (found === undefined) {
    const have = lwps.map((one) => one.id).join(', ') || 'none';
    throw new TargetError(`there is no LWP ${id}; there are ${have}`);
  }
  const sleeps = !found.current && found.wmesg !== '';
  const state = sleeps ? `${found.stat} on "${printable(found.wmesg)}"` : found.stat;
  const names = [found.name, found.procName].map(printable);
  const title = `LWP ${id} (${names[0]}) of process ${found.pid} (${names[1]}), ${state}`;
  const frames = await target.stack(id);
  if (frames.length === 0) return { text: title, selected: { lwp: id } };
  const shown = await select(call, { lwp: id, frames, index: standingIndex(frames, id, stop) });
  return { ...shown, text: `${title}\n${shown.text}` };
}

export const CHOOSING: CommandGroup = {
  title: 'Which LWP and frame is meant',
  commands: [
    {
      name: 'lwp',
      aliases: ['thread'],
      usage: 'lwp [N]',
      summary: 'choose an LWP: for bt, step, print…',
      run: lwp,
    },
    { name: 'frame', aliases: ['f'], usage: 'frame [N]', summary: 'choose a frame', run: frame },
    {
      name: 'up',
      usage: 'up [COUNT]',
      summary: 'to the frame that called this one',
      run: moved(1),
    },
    { name: 'down', usage: 'down [COUNT]', summary: 'to the frame called by it', run: moved(-1) },
  ],
};

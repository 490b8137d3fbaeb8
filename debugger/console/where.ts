/**
 * Where the target stands: what is said after every move, `where`, and `list`.
 *
 *   breakpoint 1
 *   icount 1,204, LWP 2 (init/2), nap (my-tests/overdrawn.ts:40:3)
 *      40    yield* mutex_enter(lock);
 */

import { grouped, printable } from '../../corefiles/index.ts';
import { type FrameInfo, type Stop, type Target, TargetError } from '../target/index.ts';
import { chosenFrame, standingIndex } from './frames.ts';
import { functionNamed, numberedLine, placeLine, sourceLines, sourceNamed } from './source.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

/** Lines that `list` shows. */
const LISTED = 11;

/** A stop in two or three lines. */
export async function stopText(target: Target, stop: Stop): Promise<string> {
  const lines = [headline(stop)].filter((line) => line !== '');
  const frame = await standingFrame(target, stop);
  const who = await whoText(target, stop);
  const where = frame === undefined ? '' : `, ${placeLine(frame)}`;
  lines.push(`icount ${grouped(stop.icount)}${who}${where}`);
  if (frame !== undefined) {
    const [text] = await sourceLines(target, frame.path, frame.lineBase1, frame.lineBase1);
    if (text !== undefined) lines.push(numberedLine(frame.lineBase1, text));
  }
  return lines.join('\n');
}

async function standingFrame(target: Target, stop: Stop): Promise<FrameInfo | undefined> {
  if (isOver(stop)) return undefined;
  const frames = await target.stack(stop.lwp);
  return frames[standingIndex(frames, stop.lwp, stop)];
}

/** The run has ended and left nothing to look at. */
export function isOver({ reason }: Stop): boolean {
  return reason === 'end';
}

async function whoText(target: Target, stop: Stop): Promise<string> {
  if (isOver(stop)) return '';
  const l = (await target.lwps()).find(({ id }) => id === stop.lwp);
  return l === undefined ? ', no LWP' : `, LWP ${l.id} (${printable(l.name)})`;
}

/** Why it stopped; '' after a step, where nobody asks. */
function headline(stop: Stop): string {
  const { reason, breakpoints, change, diverted } = stop;
  const text = printable(stop.description);
  const said = [diverted ? 'diversion' : ''];
  if (breakpoints.length > 0) {
    const which = breakpoints.join(', ');
    said.push(`${change === null ? 'breakpoint' : 'watchpoint'} ${which}`);
  }
  if (change !== null) {
    const { name, access, before, after, icount } = change;
    const how = access === 'read' ? `read: ${after}` : `${before} → ${after}`;
    said.push(printable(`${name} ${how}, at icount ${grouped(icount)}`));
  } else if (text !== '') said.push(text);
  else if (reason === 'pause') said.push('interrupted');
  else if (reason === 'end') said.push('the run is over');
  else if (reason === 'start') said.push('the beginning of the run');
  return said.filter((word) => word !== '').join(': ');
}

/** The moment, then the stack of the chosen LWP without variables. */
async function where(call: Call): Promise<CommandResult> {
  const { target, stop } = call;
  const lines = [await stopText(target, stop)];
  if (isOver(stop)) return { text: lines[0] };
  const { frames, index } = await chosenFrame(call);
  lines.push(...frames.map((frame, i) => `${i === index ? '>' : ' '} #${i} ${placeLine(frame)}`));
  return { text: lines.join('\n') };
}

async function list(call: Call): Promise<CommandResult> {
  const { path, lineBase1, standsAt } = await listedPlace(call);
  const from = Math.max(1, lineBase1 - Math.floor(LISTED / 2));
  const lines = await sourceLines(call.target, path, from, from + LISTED - 1);
  if (lines.length === 0)
    throw new TargetError(`${path || 'this source'} has no line ${lineBase1}`);
  const numbered = lines.map((text, i) =>
    numberedLine(from + i, text, from + i === standsAt ? '>' : ' '),
  );
  return { text: [printable(path), ...numbered].join('\n') };
}

interface Listed {
  readonly path: string;
  readonly lineBase1: number;
  /** The line to mark; 0 for none. */
  readonly standsAt: number;
}

/** `list`, `list 40`, `list kern_mutex.ts:40`, `list mutex_enter`. */
async function listedPlace(call: Call): Promise<Listed> {
  const { target, rest } = call;
  const { frames, index } = await chosenFrame(call);
  const here = frames[index] ?? call.stop.place;
  const at = (path: string, lineBase1: number): Listed => ({
    path,
    lineBase1,
    standsAt: path === here.path ? here.lineBase1 : 0,
  });
  if (rest === '') return at(here.path, here.lineBase1);
  if (/^\d+$/.test(rest)) return at(here.path, Number(rest));
  const place = /^(.+):(\d+)$/.exec(rest);
  if (place !== null) return at(await sourceNamed(target, place[1]), Number(place[2]));
  const found = await functionNamed(target, rest);
  if (found === undefined) {
    throw new TargetError(`there is no function ${rest}: list takes LINE, FILE:LINE or a function`);
  }
  return at(found.path, found.lineBase1);
}

export const STANDING: CommandGroup = {
  title: 'Where it stands',
  commands: [
    {
      name: 'where',
      when: 'stands',
      usage: 'where',
      summary: 'this moment, and the stack without variables',
      run: where,
    },
    {
      name: 'list',
      aliases: ['l'],
      usage: 'list [LINE|FILE:LINE|FUNCTION]',
      summary: 'lines of a source',
      run: list,
    },
  ],
};

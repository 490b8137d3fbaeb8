/**
 * `rumpus core bt [LWP…]`: stacks with source lines and the values of variables.
 *
 *   LWP 3 (init/3) of process 1 (init), running
 *   #0  takeBoth (rumpus/test/abba.ts:19:5)
 *         yield* mutex_enter(pair.second);
 *         round = 0, pair = {first: mutex 'b' #35, second: mutex 'a' #41, taken: 1} #40
 */

import { CoreFileError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import { describe } from '../query/values.ts';
import type { Core, CoreFrame, CoreLocal, CoreLwp } from '../types.ts';
import { clipped, frameLine, lwpLine } from './lines.ts';

export interface Backtrace {
  readonly lwp: number;
  /** Who it is and what it does, as a line. */
  readonly title: string;
  readonly current: boolean;
  readonly syscall: string;
  readonly frames: readonly BacktraceFrame[];
}

export interface BacktraceFrame {
  readonly function: string;
  readonly path: string;
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly source: string;
  readonly locals: readonly {
    readonly name: string;
    readonly value: string;
    readonly scope: CoreLocal['scope'];
    readonly optimizedAway: boolean;
  }[];
}

/** The stacks of the LWPs asked for; by default of all, the one that ran first. Errors: no-such-path. */
export function btOf(core: Core, ids: readonly number[] = []): Backtrace[] {
  return chosen(core, ids).map((l) => backtraceOf(core, l));
}

/** One stack as plain data. */
export function backtraceOf(core: Core, l: CoreLwp): Backtrace {
  return {
    lwp: l.id,
    title: lwpLine(l),
    current: l.current,
    syscall: l.syscall,
    frames: l.frames.map((frame) => frameOf(core, frame)),
  };
}

function frameOf(core: Core, frame: CoreFrame): BacktraceFrame {
  return {
    function: frame.function,
    path: frame.path,
    line: frame.lineBase1,
    column: frame.columnBase0 + 1,
    source: frame.source,
    locals: frame.locals.map(({ name, value, scope, optimizedAway }) => ({
      name,
      value: optimizedAway ? 'undefined or optimised away' : describe(core, value),
      scope,
      optimizedAway,
    })),
  };
}

function chosen(core: Core, ids: readonly number[]): CoreLwp[] {
  const lwps = core.lwps();
  if (ids.length === 0) return [...lwps].sort((a, b) => Number(b.current) - Number(a.current));
  return ids.map((id) => {
    const found = lwps.find((l) => l.id === id);
    if (found !== undefined) return found;
    const have = lwps.map((l) => l.id).join(', ') || 'none';
    throw new CoreFileError('no-such-path', `there is no LWP ${id}; there are ${have}`);
  });
}

const WIDTH = 100;
/** Of a longer stack, the text has only both ends. */
const FRAMES_MAX = 60;
const INDENT = '      ';

export function btText(stacks: readonly Backtrace[]): string {
  return stacks.map(stackText).join('\n\n') || 'The file has no stacks.';
}

function stackText({ title, syscall, frames }: Backtrace): string {
  const lines = [title];
  if (syscall !== '') lines.push(`in ${syscall}`);
  frames.forEach((frame, i) => {
    if (frames.length > FRAMES_MAX && i >= FRAMES_MAX / 2 && i < frames.length - FRAMES_MAX / 2) {
      if (i === FRAMES_MAX / 2) lines.push(`    … ${frames.length - FRAMES_MAX} frames …`);
      return;
    }
    lines.push(`${`#${i}`.padEnd(3)} ${frameLine(frame)}`);
    if (frame.source !== '') lines.push(`${INDENT}${printable(frame.source)}`);
    lines.push(...variableLines(frame));
  });
  if (frames.length === 0) lines.push(`${INDENT}(no frames)`);
  return lines.join('\n');
}

/** Variables, as many on a line as fit. */
function variableLines({ locals }: BacktraceFrame): string[] {
  const own = locals.filter(({ scope }) => scope === 'local');
  const captured = locals.filter(({ scope }) => scope === 'captured');
  return [...filled('', own), ...filled('captured: ', captured)];
}

function filled(prefix: string, locals: BacktraceFrame['locals']): string[] {
  const lines: string[] = [];
  let line = '';
  for (const { name, value } of locals) {
    const text = clipped(`${printable(name)} = ${value}`, WIDTH - INDENT.length - prefix.length);
    if (line === '') line = prefix + text;
    else if (INDENT.length + line.length + text.length + 2 <= WIDTH) line += `, ${text}`;
    else {
      lines.push(INDENT + line);
      line = text;
    }
  }
  if (line !== '') lines.push(INDENT + line);
  return lines;
}

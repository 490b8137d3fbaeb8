/**
 * `rumpus core ps`: processes and their LWPs, as ps of ddb(4) and crash(8) shows them.
 *
 *   PID  LID  LWP  CPU  STATE     WCHAN  NAME    DOING
 *   1    1    1*   0    running   -      init    mkdir("/home", 493)
 *   1    2    2    0    sleeping  nap    init/2
 *
 * WCHAN is the wait message, as in ps(1). `ps/w` shows what is behind it, `ps/n` processes alone.
 */

import { printable } from '../../printable.ts';
import { describe } from '../query/values.ts';
import type { Core, CoreLwp, CoreProc } from '../types.ts';
import { clipped, table } from './lines.ts';

export interface ProcessList {
  readonly procs: readonly CoreProc[];
  readonly lwps: readonly LwpLine[];
}

/** An LWP without its frames. */
export interface LwpLine extends Omit<CoreLwp, 'frames'> {
  /** What it sleeps on: `mutex 'a' #35`; '' when awake. */
  readonly wchan: string;
}

/** ddb's modifiers: processes, LWPs at length, what LWPs wait for; '' for LWPs in short. */
export type PsModifier = '' | 'n' | 'l' | 'w';

export function psOf(core: Core): ProcessList {
  const lwps = core.lwps().map((l) => {
    const { frames: _frames, ...line } = l;
    return { ...line, wchan: wchanOf(core, l) };
  });
  return { procs: core.procs(), lwps };
}

function wchanOf(core: Core, { objectId, wmesg }: CoreLwp): string {
  const wchan = wmesg === '' ? undefined : core.graph?.object(objectId)?.get('wchan');
  return wchan === undefined || wchan === null ? '' : describe(core, wchan);
}

const WIDTH = 100;

export function psText(list: ProcessList, modifier: PsModifier = ''): string {
  const several = new Set(list.procs.map(({ kernel }) => kernel)).size > 1;
  const pid = (one: { readonly kernel: string; readonly pid: number }) =>
    several ? `${printable(one.kernel)}:${one.pid}` : String(one.pid);
  return table(TABLES[modifier](list, pid))
    .map((line) => clipped(line, WIDTH))
    .join('\n');
}

type PidText = (one: { readonly kernel: string; readonly pid: number }) => string;
type Table = (list: ProcessList, pid: PidText) => string[][];

const TABLES: Readonly<Record<PsModifier, Table>> = {
  '': inShort,
  n: processes,
  l: atLength,
  w: waiting,
};

function inShort({ procs, lwps }: ProcessList, pid: PidText): string[][] {
  const head = ['PID', 'LID', 'LWP', 'CPU', 'STATE', 'WCHAN', 'NAME', 'DOING'];
  const rows = lwps.map((l) => [
    ...numbersOf(l, pid),
    String(l.cpu),
    l.stat,
    printable(l.wmesg) || '-',
    printable(l.name),
    printable(l.syscall),
  ]);
  const idle = procs.filter((proc) => proc.lwps.length === 0);
  for (const proc of idle) {
    rows.push([pid(proc), '-', '-', '-', proc.stat, '-', printable(proc.name), '']);
  }
  return [head, ...rows];
}

/** PID, LID and LWP; the one that runs has a star. */
function numbersOf(l: LwpLine, pid: PidText): string[] {
  return [pid(l), String(l.lid), l.current ? `${l.id}*` : String(l.id)];
}

function atLength({ lwps }: ProcessList, pid: PidText): string[][] {
  const head = ['PID', 'LID', 'LWP', 'CPU', 'STATE', 'PRI', 'OBJECT', 'WCHAN', 'NAME', 'HOLDS'];
  const rows = lwps.map((l) => [
    ...numbersOf(l, pid),
    String(l.cpu),
    l.stat,
    String(l.priority),
    l.objectId < 0 ? '-' : `#${l.objectId}`,
    printable(l.wmesg) || '-',
    printable(l.name),
    l.holds.map(printable).join(', ') || '-',
  ]);
  return [head, ...rows];
}

function waiting({ lwps }: ProcessList, pid: PidText): string[][] {
  const head = ['PID', 'LID', 'LWP', 'NAME', 'PRI', 'WMESG', 'WAITS FOR'];
  const rows = lwps.map((l) => [
    ...numbersOf(l, pid),
    printable(l.name),
    String(l.priority),
    printable(l.wmesg) || '-',
    l.wchan || '-',
  ]);
  return [head, ...rows];
}

function processes({ procs }: ProcessList, pid: PidText): string[][] {
  const head = ['PID', 'PPID', 'UID', 'STATE', 'LWPS', 'OBJECT', 'NAME'];
  const rows = procs.map((proc) => [
    pid(proc),
    String(proc.ppid),
    String(proc.uid),
    proc.stat,
    String(proc.lwps.length),
    `#${proc.objectId}`,
    printable(proc.name),
  ]);
  return [head, ...rows];
}

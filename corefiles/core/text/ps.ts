/** `rumpus core ps`: processes and their LWPs, as ps(1) of crash(8) shows them. */

import { printable } from '../../printable.ts';
import type { Core, CoreLwp, CoreProc } from '../types.ts';
import { clipped, table } from './lines.ts';

export interface ProcessList {
  readonly procs: readonly CoreProc[];
  readonly lwps: readonly LwpLine[];
}

/** An LWP without its frames. */
export type LwpLine = Omit<CoreLwp, 'frames'>;

export function psOf(core: Core): ProcessList {
  const lwps = core.lwps().map(({ frames: _frames, ...line }) => line);
  return { procs: core.procs(), lwps };
}

const WIDTH = 100;

export function psText({ procs, lwps }: ProcessList): string {
  const several = new Set(procs.map(({ kernel }) => kernel)).size > 1;
  const head = ['PID', 'LID', 'LWP', 'CPU', 'STATE', 'WAIT', 'NAME', 'DOING'];
  const rows = lwps.map((l) => [
    several ? `${printable(l.kernel)}:${l.pid}` : String(l.pid),
    String(l.lid),
    l.current ? `${l.id}*` : String(l.id),
    String(l.cpu),
    l.stat,
    printable(l.wmesg) || '-',
    printable(l.name),
    printable(l.syscall),
  ]);
  const idle = procs.filter((proc) => proc.lwps.length === 0);
  for (const proc of idle) {
    const pid = several ? `${printable(proc.kernel)}:${proc.pid}` : String(proc.pid);
    rows.push([pid, '-', '-', '-', proc.stat, '-', printable(proc.name), '']);
  }
  return table([head, ...rows])
    .map((line) => clipped(line, WIDTH))
    .join('\n');
}

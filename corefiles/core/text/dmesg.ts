/** `rumpus core dmesg`: the message buffers of the kernels. */

import { printable } from '../../printable.ts';
import type { Core } from '../types.ts';

export interface Messages {
  readonly kernels: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** What was written to the console, by kernels and programs. */
  readonly console: string;
}

export function dmesgOf(core: Core): Messages {
  const kernels = core.kernels().map(({ name, dmesg }) => ({ name, lines: dmesg }));
  return { kernels, console: core.console };
}

/** Lines of one kernel as they are; of several, with their names. The console if there are none. */
export function dmesgText({ kernels, console }: Messages): string {
  const several = kernels.filter(({ lines }) => lines.length > 0).length > 1;
  const lines = kernels.flatMap(({ name, lines: own }) =>
    own.map((line) => printable(several ? `${name}: ${line}` : line)),
  );
  if (lines.length > 0) return lines.join('\n');
  return console.trimEnd().split('\n').map(printable).join('\n');
}

/**
 * Output events. A line of the program carries its moment (`data.icount`, `data.lwp`) and its place
 * in the source, so that a click on it can go to both.
 *
 *   { category: 'stdout', output: 'hello\n', source: { … }, line: 12,
 *     data: { kind: 'console', icount: 1204, lwp: 3 } }
 */

import { printableLines } from '../../corefiles/index.ts';
import type { OutputLine } from '../target/index.ts';
import type { Session } from './session.ts';

const CATEGORIES: Readonly<Record<OutputLine['kind'], string>> = {
  console: 'stdout',
  dprintf: 'stderr',
  log: 'console',
};

/** A line of the program, or of a log point. */
export function tellOutput(session: Session, line: OutputLine): void {
  const { kind, icount, lwp, place } = line;
  // What a recording or core says is a stranger's: nothing in it may act on a terminal.
  const own = session.anyTarget?.kind === 'live';
  const text = own ? line.text : printableLines(line.text);
  const output = text.endsWith('\n') ? text : `${text}\n`;
  const where = place === null || place.path === '' ? {} : session.sources.place(session, place);
  session.tell('output', {
    category: CATEGORIES[kind],
    output,
    ...where,
    data: { kind, icount, lwp },
  });
}

/** A sentence of the debugger's own. `important` is put before the user's eyes. */
export function notice(
  session: Session,
  sentence: string,
  category: 'console' | 'important' | 'stderr' = 'console',
): void {
  session.tell('output', { category, output: `${sentence}\n` });
}

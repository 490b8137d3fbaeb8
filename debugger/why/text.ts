/** What `why` found, as text: the same on the command line and in a debugger. */

import { printable } from '../../corefiles/index.ts';
import type { Explanation, SourceFrame } from './why.ts';

type Style = 'bold' | 'red' | 'yellow' | 'dim';
/** Colours a text, where there are colours. */
type Styled = (style: Style, text: string) => string;

const ARGUMENT_LENGTH = 40;
const STACK_SHOWN = 12;

function grouped(icount: number): string {
  return icount.toLocaleString('en-US');
}

/** One failed call: what failed, where its error was made, which way it took out. */
export function explanationText(
  explanation: Explanation,
  styled: Styled = (_, text) => text,
): string[] {
  const { syscall, args, code, errno, lwp, lwpName, icount, origin, path } = explanation;
  const call = `${syscall}(${args.map(argumentText).join(', ')})`;
  const who = `LWP ${lwp} '${printable(lwpName)}' at icount ${grouped(icount)}`;
  const lines = [`${styled('bold', call)} failed with ${styled('red', code)} (${errno}), ${who}`];
  if (origin === null) {
    lines.push('  no statement of the kernel made this error: it came in from outside');
    return lines;
  }
  const { frame, stack } = origin;
  const by = origin.lwp === lwp ? '' : `, by LWP ${origin.lwp} '${printable(origin.lwpName)}'`;
  lines.push(
    `  made at icount ${grouped(origin.icount)}${by}`,
    ...frameLines(frame, 'yellow', styled),
  );
  const further = path.filter((passed) => !sameFunction(passed, frame));
  if (further.length > 0) lines.push('  let through by');
  for (const passed of further) lines.push(...frameLines(passed, 'dim', styled));
  lines.push('  the stack when it was made');
  const frames = [frame, ...stack].slice(0, STACK_SHOWN);
  for (const { function: name, path: file, lineBase1 } of frames) {
    lines.push(`    ${printable(name || '(anonymous)')} (${printable(file)}:${lineBase1})`);
  }
  return lines;
}

function sameFunction(a: SourceFrame, b: SourceFrame): boolean {
  return a.function === b.function && a.path === b.path;
}

function frameLines(frame: SourceFrame, style: Style, styled: Styled): string[] {
  const { function: name, path, lineBase1, source } = frame;
  const place = `    ${printable(name || '(anonymous)')} (${printable(path)}:${lineBase1})`;
  return source === '' ? [place] : [place, `      ${styled(style, printable(source))}`];
}

function argumentText(value: unknown): string {
  if (typeof value === 'string') {
    return printable(JSON.stringify(value.slice(0, ARGUMENT_LENGTH)));
  }
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'object';
  return String(value);
}

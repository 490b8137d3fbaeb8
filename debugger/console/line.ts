/** Taking a line apart: which command it names, and what it says to it. */

import type { CommandLine } from './types.ts';

/** A line that might be a command. */
export interface Spoken extends CommandLine {
  readonly name: string;
}

const NAME = /^([a-z][a-z-]*|[?])(?:\/([a-z]*))?(?=\s|$)/;
/** After a name, these make the line an expression: nothing that a command takes begins so. */
const OPERATOR = /^(?:[=*<>&|^%?.,;]|[+-]\s|in\b|instanceof\b)/;

/** The line as a command's; undefined when it is written like none. */
export function spoken(line: string): Spoken | undefined {
  const text = line.trim();
  const match = NAME.exec(text);
  if (match === null) return undefined;
  const rest = text.slice(match[0].length).trim();
  return { name: match[1], modifier: match[2] ?? '', rest, words: wordsOf(rest) };
}

/** Words between blanks; a quoted one may hold blanks. */
export function wordsOf(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => (/^(["']).*\1$/.test(word) ? word.slice(1, -1) : word));
}

/** Whether the line goes on as an expression does after its first name: `p === q`, `n + 1`. */
export function readsAsExpression({ rest }: CommandLine): boolean {
  return OPERATOR.test(rest);
}

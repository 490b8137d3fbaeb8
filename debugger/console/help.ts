/** `help`: every command with its line, or one with everything that is known of it. */

import { TargetError } from '../target/index.ts';
import type { Command, CommandGroup } from './types.ts';

const USAGE_WIDTH = 36;
const WIDTH = 100;

/** All commands under their headings. */
export function helpText(groups: readonly CommandGroup[]): string {
  const parts = groups.map(({ title, commands }) => {
    const lines = commands.map(({ usage, summary }) => `  ${usage.padEnd(USAGE_WIDTH)} ${summary}`);
    return [title, ...lines].join('\n');
  });
  return [...parts, shortText(groups)].join('\n\n');
}

/** The shortest names: `c continue, s step…`. */
function shortText(groups: readonly CommandGroup[]): string {
  const commands = groups.flatMap((group) => group.commands);
  const short = commands.flatMap(({ name, aliases = [] }) =>
    aliases.filter((alias) => alias.length <= 2).map((alias) => `${alias} ${name}`),
  );
  return ['In short', ...filled(short), '  or any beginning that no other name has'].join('\n');
}

/** Names as many on a line as fit. */
function filled(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + name.length + 2 > WIDTH) lines.push(`  ${name}`);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines;
}

/** One command. */
export function commandHelp(command: Command | undefined, name: string): string {
  if (command === undefined) throw new TargetError(`there is no command '${name}': try help`);
  const { usage, summary, aliases = [], details } = command;
  const lines = [usage, `  ${summary}`];
  if (aliases.length > 0) lines.push(`  also: ${aliases.join(', ')}`);
  if (details !== undefined) lines.push('', details);
  return lines.join('\n');
}

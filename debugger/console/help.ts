/** `help`: every command with its line, or one with everything that is known of it. */

import { TargetError } from '../target/index.ts';
import type { Command, CommandGroup } from './types.ts';

const USAGE_WIDTH = 34;

/** All commands under their headings. */
export function helpText(groups: readonly CommandGroup[]): string {
  const parts = groups.map(({ title, commands }) => {
    const lines = commands.map(({ usage, summary }) => `  ${usage.padEnd(USAGE_WIDTH)} ${summary}`);
    return [title, ...lines].join('\n');
  });
  return parts.join('\n\n');
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

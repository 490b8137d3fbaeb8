/** The table of commands. */

import { commandHelp, helpText } from './help.ts';
import { CHOOSING } from './frames.ts';
import { LOOKING } from './look.ts';
import { MOVING } from './moves.ts';
import { SAVING } from './saving.ts';
import { SHOWING } from './show.ts';
import { STOPPING } from './stopping.ts';
import type { Command, CommandGroup } from './types.ts';
import { VALUES } from './values.ts';
import { STANDING } from './where.ts';

const HELP: CommandGroup = {
  title: 'Help',
  commands: [
    {
      name: 'help',
      aliases: ['?'],
      usage: 'help [COMMAND]',
      summary: 'the commands, or everything about one',
      when: 'always',
      run: ({ rest }) => ({
        text: rest === '' ? helpText(GROUPS) : commandHelp(commandNamed(rest), rest),
      }),
    },
  ],
};

export const GROUPS: readonly CommandGroup[] = [
  LOOKING,
  SHOWING,
  STANDING,
  CHOOSING,
  VALUES,
  ...MOVING,
  STOPPING,
  SAVING,
  HELP,
];

export const COMMANDS: readonly Command[] = GROUPS.flatMap(({ commands }) => commands);

/** The command that a word means: its name, an alias, or a beginning that no other name has. */
export function commandNamed(word: string): Command | undefined {
  const named = COMMANDS.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (named !== undefined || word.length < 2) return named;
  const begun = COMMANDS.filter(({ name }) => name.startsWith(word));
  return begun.length === 1 ? begun[0] : undefined;
}

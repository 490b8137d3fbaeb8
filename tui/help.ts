/** The root command and how help looks. */

import { Command } from 'commander';
import type { CommandEntry } from './commands/index.ts';

const EPILOGUE = `
Exit status: 0 fine, 1 the kernel under test failed (a finding), 2 usage or input error.
"rumpus <command> --help" shows the options of a command, with examples.`;

/** `rumpus` without its commands. Errors are thrown, so that main() sets the exit status. */
export function rootCommand(): Command {
  const root = new Command('rumpus');
  return root
    .description('A virtual kernel in a library, and the tools that debug it.')
    .version(process.env['RUMPUS_VERSION'] ?? '', '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError(true)
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(sentence(text)) });
}

/** commander's `error: unknown option '--x'` as one of our sentences. */
function sentence(text: string): string {
  return text.replace(/^error: /, 'rumpus: ');
}

/** Adds a command by name; its module defines the rest when it is the one that is asked for. */
export function subcommand(root: Command, entry: CommandEntry): Command {
  return root
    .command(entry.name)
    .summary(entry.summary)
    .description(entry.summary)
    .helpOption('-h, --help', 'show help');
}

/** Adds examples to a command's help: pairs of what it does and the command. */
export function examples(command: Command, list: readonly (readonly [string, string])[]): Command {
  const lines = list.map(([what, line]) => `  ${what}\n    $ ${line}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

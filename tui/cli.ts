/**
 * One command line, from its words to its exit status.
 *
 * Only the module of the command that is asked for is loaded, so that `rumpus run` on a program
 * that was compiled before starts in a few tens of milliseconds.
 */

import { type Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { EXIT_FINE, EXIT_USAGE } from './exit.ts';
import { rootCommand, subcommand } from './help.ts';

/** The command line's command with its options; the others by name only. */
async function build(argv: readonly string[]): Promise<Command> {
  const root = rootCommand();
  const wanted = argv.find((word) => !word.startsWith('-'));
  const name = wanted === 'help' ? argv[argv.indexOf('help') + 1] : wanted;
  for (const entry of COMMANDS) {
    const command = subcommand(root, entry);
    if (entry.name === name) (await entry.load()).define(command);
  }
  return root;
}

/** Runs a command line and gives its exit status. Whatever is thrown is said on stderr. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  process.exitCode = EXIT_FINE;
  try {
    const root = await build(argv);
    await root.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_FINE : EXIT_USAGE;
    const { tell } = await import('./errors.ts');
    const { text, exitCode } = tell(error);
    process.stderr.write(`${text}\n`);
    return exitCode;
  }
}

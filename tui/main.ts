/**
 * The rumpus command. bin/rumpus.mjs imports this file as it was bundled to dist/cli.js.
 *
 * Only the module of the command that is asked for is loaded, so that `rumpus run` on a program
 * that was compiled before starts in a few tens of milliseconds.
 */

import { type Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { EXIT_FINE, EXIT_USAGE } from './exit.ts';
import { rootCommand, subcommand } from './help.ts';

/** A reader that went away (`rumpus trace | head`) is no error. */
function forgivePipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT_FINE);
  });
}

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

async function main(argv: readonly string[]): Promise<void> {
  forgivePipes();
  try {
    const root = await build(argv);
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT_FINE : EXIT_USAGE;
      return;
    }
    const { tell } = await import('./errors.ts');
    const { text, exitCode } = tell(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}

await main(process.argv.slice(2));

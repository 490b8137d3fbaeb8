/** rumpus debug: a debugger in the terminal, forwards and backwards. */

import type { Command } from 'commander';
import { judge, type Target } from '../../debugger/index.ts';
import { openDebugged, type DebugFlags } from '../debug/open.ts';
import { runPrompt } from '../debug/prompt.ts';
import { runScript, stdinLines } from '../debug/script.ts';
import { DebugSession } from '../debug/session.ts';
import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { load } from '../load.ts';
import { addRunOptions } from '../options.ts';
import { addRecordingOptions } from './replay.ts';

interface Flags extends DebugFlags {
  readonly command?: readonly string[];
}

export function define(command: Command): void {
  command.argument('<file>', 'a program, a recording or a core');
  command.argument('[args...]', 'arguments for the program');
  command.option('--command <line>', 'carry this out instead of asking; may be repeated', collect);
  command.option('--icount <n>', 'begin at this icount');
  command.option('--exact', 'keep every variable of every frame; runs are slower');
  command.option('--adapt', 'go on although the program or kernel has changed since');
  addRunOptions(command);
  addRecordingOptions(command);
  examples(command, [
    ['Stop at the first statement of a program; help lists the commands', 'rumpus debug race.ts'],
    ['Step back from a panic', 'rumpus debug .rumpus/race-panic-7.core'],
    ['The same run from one moment on', 'rumpus debug race.rumpus --icount 1204'],
    [
      'For a script: every stack when a function is called for the third time',
      "rumpus debug race.ts --command 'break tmpfs_lookup hits 3' --command c --command 'bt -a'",
    ],
    ['Commands from a file', 'rumpus debug race.core < commands.txt'],
  ]);
  command.addHelpText(
    'after',
    '\nWithout a terminal, or with --command, there is no prompt: the first line that fails ends the\n' +
      'script with status 2, and a program that was run into a failure gives status 1.',
  );
  command.action(async (file: string, args: string[], flags: Flags) => {
    process.exitCode = await debugCommand(file, args, flags);
  });
}

function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Debugs; gives the exit status. */
export async function debugCommand(file: string, args: string[], flags: Flags): Promise<number> {
  const target = await openDebugged(file, args, flags);
  const session = new DebugSession(target);
  try {
    if (flags.command === undefined && process.stdin.isTTY === true) {
      return await runPrompt(session);
    }
    await runScript(session, flags.command ?? stdinLines());
    return await statusOf(target, session, file);
  } finally {
    await target.close();
  }
}

/** A failure is a finding when a run came to it; a recording's and a core's were found before. */
async function statusOf(target: Target, session: DebugSession, file: string): Promise<number> {
  const { failure } = session;
  if (failure === null || target.kind !== 'live') return EXIT_FINE;
  const { expect } = (await load(file)).instance().options;
  return judge(failure.verdict, failure.message, expect).ok ? EXIT_FINE : EXIT_FINDING;
}

/** rumpus why: which statement made the error that a system call failed with. */

import type { Command } from 'commander';
import {
  type Explanation,
  explanationText,
  InputError,
  type WhyResult,
  whyProgram,
  whyRecording,
  wholeNumber,
} from '../../debugger/index.ts';
import { EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { addOutputOptions, addRunOptions, type OutputFlags } from '../options.ts';
import { plural, print, printJson, styled } from '../output.ts';
import { reportOf } from '../report.ts';
import { openTarget, type TargetFlags } from '../target.ts';
import { addRecordingOptions } from './replay.ts';

interface Flags extends TargetFlags, OutputFlags {
  readonly call?: string;
  readonly nth?: string;
  readonly all?: boolean;
}

export function define(command: Command): void {
  command.argument('<file>', 'a program, a recording or a core');
  command.argument('[args...]', 'arguments for the program');
  command.option(
    '--call <name>',
    'only failures of this system call, or with this error: mount, EINVAL',
  );
  command.option('--nth <n>', 'the nth failure, counted from 1 (default: the last)');
  command.option('--all', 'every failure');
  command.option('--adapt', 'go on although the program or kernel has changed since');
  addRunOptions(command);
  addRecordingOptions(command);
  addOutputOptions(command);
  examples(command, [
    ['Where the last error of a run came from', 'rumpus why mount.ts'],
    ['Where the first ENOENT of open() came from', 'rumpus why copy.ts --call open --nth 1'],
  ]);
  command.action(async (file: string, args: string[], flags: Flags) => {
    process.exitCode = await whyCommand(file, args, flags);
  });
}

/** Explains failed calls; gives the exit status. */
export async function whyCommand(file: string, args: string[], flags: Flags): Promise<number> {
  const startedAt = performance.now();
  const target = await openTarget(file, args, flags);
  const { loaded, spec, data } = target;
  const result =
    data === null ? whyProgram(loaded, spec) : whyRecording(loaded, data, flags.adapt === true);
  const chosen = choose(result.explanations, flags);
  if (flags.json) {
    const elapsedMs = Math.round(performance.now() - startedAt);
    const failures = result.explanations.length;
    printJson({ ...reportOf(loaded, spec, result.run), failures, explanations: chosen, elapsedMs });
    return EXIT_FINE;
  }
  printAll(result, chosen, flags);
  return EXIT_FINE;
}

function choose(all: readonly Explanation[], flags: Flags): readonly Explanation[] {
  const { call } = flags;
  const fitting = all.filter(
    ({ syscall, code }) => call === undefined || syscall === call || code === call,
  );
  if (flags.all) return fitting;
  if (flags.nth === undefined) return fitting.slice(-1);
  const nth = wholeNumber('--nth', flags.nth, 1, Number.MAX_SAFE_INTEGER);
  if (nth > fitting.length) {
    throw new InputError(`there are only ${plural(fitting.length, 'failed call')}, not ${nth}`);
  }
  return [fitting[nth - 1]];
}

function printAll(result: WhyResult, chosen: readonly Explanation[], flags: Flags): void {
  if (chosen.length === 0) {
    const which = flags.call === undefined ? '' : ` of ${flags.call}`;
    print(`no system call failed${which}; the run ended with ${result.run.outcome.verdict}`);
    return;
  }
  for (const explanation of chosen)
    for (const line of explanationText(explanation, styled)) print(line);
  const others = result.explanations.length - chosen.length;
  if (others > 0 && !flags.quiet) print(`${plural(others, 'other call')} failed too: --all`);
}

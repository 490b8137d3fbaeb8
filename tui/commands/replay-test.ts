/** rumpus replay of a test's core: vitest makes the test's kernel, and the recording is followed. */

import { printableLines, type RecordingData } from '../../corefiles/index.ts';
import { InputError, replayTest, specOf, type TestReplay } from '../../debugger/index.ts';
import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';
import { stacksText } from '../failure.ts';
import type { OutputFlags } from '../options.ts';
import { grouped, print, printJson, styled } from '../output.ts';
import { labelled, verdictText } from '../report.ts';

interface Flags extends OutputFlags {
  readonly adapt?: boolean;
  readonly to?: string;
  readonly dprintf?: readonly string[];
}

/** Replays and prints; the exit status says whether it is the same run again. */
export function replayTestCommand(file: string, data: RecordingData, flags: Flags): number {
  const startedAt = performance.now();
  if (flags.to !== undefined || flags.dprintf !== undefined) {
    throw new InputError(
      `${file} is of a vitest test, for which there is no --to or --dprintf yet`,
    );
  }
  const replayed = replayTest(file, data, { adapt: flags.adapt });
  const { seed, strategy, grain } = specOf(data);
  const identical = replayed.divergence === null;
  if (flags.json) {
    const { verdict, message, icount, virtualTimeNs, digest, divergence } = replayed;
    printJson({
      ...{ verdict, message, icount, virtualTimeNs, digest, seed, strategy, grain },
      image: data.image.identity,
      test: data.config['test'],
      recorded: { ...data.end },
      identical,
      divergence: divergence ?? undefined,
      recording: file,
      elapsedMs: Math.round(performance.now() - startedAt),
    });
  } else {
    printReplay(data, replayed, flags);
  }
  return identical ? EXIT_FINE : EXIT_FINDING;
}

function printReplay(data: RecordingData, replayed: TestReplay, flags: Flags): void {
  const { verdict, message, icount, digest, divergence, console } = replayed;
  if (!flags.quiet) process.stdout.write(printableLines(console));
  if (divergence !== null) {
    print(`${styled('red', 'the replay diverged')} ${divergence}`);
    print(labelled('recorded', `${data.end.verdict} at icount ${grouped(data.end.icount)}`));
    return;
  }
  print(verdictText(verdict, message));
  if (flags.quiet) return;
  for (const line of stacksText(replayed.stacks)) print(line);
  print(`  icount ${grouped(icount)}, digest ${digest}`);
  print(labelled('test', String(data.config['test'])));
  print(labelled('replayed', 'identically: verdict, icount and digest are the recorded ones'));
}

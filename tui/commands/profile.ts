/**
 * rumpus profile: exact folded stacks by icount, and a flame graph page.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { packageFile, makeFolder } from '../../debugger/index.ts';
import {
  flamegraphHtml,
  foldedText,
  functionTotals,
  Profiler,
  totalOf,
} from '../../tracer/index.ts';
import { EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { addOutputOptions, addRunOptions, OUT_DIR, type OutputFlags } from '../options.ts';
import { duration, grouped, plural, print, printJson } from '../output.ts';
import { labelled, type RunReport, reportOf, verdictText } from '../report.ts';
import { shownPath } from '../save.ts';
import { openTarget, type TargetFlags } from '../target.ts';
import { addRecordingOptions } from './replay.ts';

interface Flags extends TargetFlags, OutputFlags {
  readonly output: string;
}

/** Functions printed. */
const TOP = 10;

export function define(command: Command): void {
  command.argument('<file>', 'a program, a recording or a core');
  command.argument('[args...]', 'arguments for the program');
  command.option('-o, --output <dir>', 'folder for the profile', OUT_DIR);
  command.option('--adapt', 'go on although the program or kernel has changed since');
  addRunOptions(command);
  addRecordingOptions(command);
  addOutputOptions(command);
  examples(command, [
    ['Where a program spends its statements', 'rumpus profile copy.ts'],
    ['Where a recorded run did', 'rumpus profile .rumpus/race-deadlock-7.core -o profile'],
  ]);
  command.addHelpText(
    'after',
    '\nNothing is sampled: every statement is counted to its stack, and two profiles of the same run' +
      '\nare the same. <name>.folded is read by speedscope and flamegraph.pl, <name>.html by a browser.',
  );
  command.action(async (file: string, args: string[], flags: Flags) => {
    process.exitCode = await profileCommand(file, args, flags);
  });
}

async function profileCommand(file: string, args: string[], flags: Flags): Promise<number> {
  const startedAt = performance.now();
  const target = await openTarget(file, args, flags);
  const profiler = new Profiler();
  const run = target.run({ observer: profiler.observer, prepare: (w) => profiler.prepare(w) });
  profiler.finish(run.outcome.icount);
  const report = reportOf(target.loaded, target.spec, run);
  const name = basename(file).replace(/\.[^.]*$/, '');
  makeFolder(flags.output);
  const folded = join(flags.output, `${name}.folded`);
  const page = join(flags.output, `${name}.html`);
  writeFileSync(folded, foldedText(profiler.root));
  writeFileSync(page, pageText(profiler, name, report));
  const totals = functionTotals(profiler.root);
  const elapsedMs = Math.round(performance.now() - startedAt);
  if (flags.json) {
    const files = { folded: shownPath(folded), flamegraph: shownPath(page) };
    const counted = totalOf(profiler.root);
    printJson({ ...report, ...files, counted, functions: totals, elapsedMs });
    return EXIT_FINE;
  }
  print(verdictText(report.verdict, report.message));
  if (!flags.quiet) printTop(totals, report.icount);
  print(labelled('folded', shownPath(folded)));
  print(labelled('flamegraph', shownPath(page)));
  return EXIT_FINE;
}

function pageText(profiler: Profiler, name: string, report: RunReport): string {
  const { icount, virtualTimeNs, verdict, seed, ncpu, strategy } = report;
  return flamegraphHtml(profiler.root, {
    title: `${name}: ${grouped(icount)} statements`,
    subtitle:
      `${verdict}, ${duration(virtualTimeNs)} of virtual time, ${plural(ncpu, 'CPU')}, ` +
      `seed ${seed}, strategy ${strategy}`,
    unit: 'statements',
    script: readFileSync(packageFile('dist/flamegraph.js'), 'utf8'),
    style: readFileSync(packageFile('dist/flamegraph.css'), 'utf8'),
  });
}

function printTop(
  totals: readonly { readonly name: string; readonly self: number; readonly total: number }[],
  icount: number,
): void {
  print(`  ${'self'.padStart(12)} ${'%'.padStart(6)} ${'total'.padStart(12)}  function`);
  for (const { name, self, total } of totals.slice(0, TOP)) {
    const share = icount === 0 ? 0 : (100 * self) / icount;
    const numbers = `${grouped(self).padStart(12)} ${share.toFixed(2).padStart(6)}`;
    print(`  ${numbers} ${grouped(total).padStart(12)}  ${name}`);
  }
}

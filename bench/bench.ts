/**
 * The bench: measures the figures asked for and prints them, those that miss their target first.
 */

import { type Figure, type Images, judge, type Result } from './figure.ts';
import { boot } from './figures/boot.ts';
import { calls } from './figures/calls.ts';
import { debuggingFigures } from './figures/debugging.ts';
import { hunting } from './figures/hunting.ts';
import { instrumentation } from './figures/instrumentation.ts';
import { replaying } from './figures/replaying.ts';
import { startup } from './figures/startup.ts';
import { switches } from './figures/switches.ts';
import { tracing } from './figures/tracing.ts';
import { watchingFigures } from './figures/watching.ts';

const FIGURES: readonly Figure[] = [
  ...boot,
  ...startup,
  ...calls,
  ...instrumentation,
  ...switches,
  ...hunting,
  ...replaying,
  ...tracing,
  ...debuggingFigures,
  ...watchingFigures,
];

export { huntBench } from './hunting/table.ts';
export { serveProgram } from './plain-steps.ts';

const USAGE = `usage: npm run bench [-- [--json] [--list] NAME…]
Measures every figure, or those whose name contains one of the NAMEs.`;

/** Gives the exit status: 0, or 1 when something could not be measured, or 2 for wrong usage. */
export async function main(args: readonly string[], images: Images): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--json' && arg !== '--list');
  if (unknown !== undefined) {
    process.stderr.write(`there is no option ${unknown}\n${USAGE}\n`);
    return 2;
  }
  const names = args.filter((arg) => !arg.startsWith('-'));
  const wanted = (name: string) => names.length === 0 || names.some((part) => name.includes(part));
  const figures = FIGURES.filter((figure) => wanted(figure.name));
  if (figures.length === 0) {
    process.stderr.write(`no figure is called ${names.join(' or ')}; --list names them\n`);
    return 2;
  }
  if (args.includes('--list')) {
    for (const figure of figures) process.stdout.write(`${figure.name}\n`);
    return 0;
  }
  return await measureAll(figures, images, args.includes('--json'));
}

async function measureAll(
  figures: readonly Figure[],
  images: Images,
  json: boolean,
): Promise<number> {
  const results: Result[] = [];
  let failed = 0;
  for (const figure of figures) {
    showProgress(figure.name);
    try {
      const result = judge(figure, await figure.measure(images));
      results.push(result);
      if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    } catch (error) {
      failed++;
      showProgress('');
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${figure.name} could not be measured: ${why}\n`);
    }
  }
  showProgress('');
  if (!json) printTable(results);
  return failed === 0 ? 0 : 1;
}

/** The figure being measured, on a terminal only. */
function showProgress(name: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}`);
}

function printTable(results: readonly Result[]): void {
  const missed = results.filter((result) => !result.ok);
  const rows = [...missed, ...results.filter((result) => result.ok)].map(cells);
  const table = [['', 'figure', 'best', 'median', 'p10–p90', 'unit', 'target', ''], ...rows];
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
  for (const row of table) {
    const line = row.map((cell, i) =>
      i >= 2 && i <= 4 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
    );
    process.stdout.write(`${line.join('  ').trimEnd()}\n`);
  }
  process.stdout.write(`\n${missed.length} of ${results.length} figures miss their target\n`);
}

function cells(result: Result): string[] {
  const { name, best, median, p10, p90, unit, target, ok, ratio, against } = result;
  const versus = ratio === undefined ? '' : `${ratio}× ${against}`;
  const spread = `${p10}–${p90}`;
  return [ok ? '' : 'MISS', name, String(best), String(median), spread, unit, target ?? '', versus];
}

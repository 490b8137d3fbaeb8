/**
 * How many schedules a strategy needs to the declared bug of each program: of the gallery and of the
 * literature (test/hunt/programs), over seeds. What counts is the first schedule that shows what the
 * program expects, not a race on the way to it.
 */

import { resolve } from 'node:path';
import {
  calibrated,
  DEFAULT_SPEC,
  type LoadedProgram,
  loadProgram,
  type RunSpec,
  runRange,
  STRATEGIES,
  type StrategyName,
} from '../../debugger/index.ts';
import { benchmarks } from '../../test/hunt/programs/index.ts';

/** They draw nothing at random. */
const UNSEEDED: readonly StrategyName[] = ['default', 'round-robin', 'exhaustive'];

const USAGE = `usage: npm run bench:hunt [-- [OPTIONS] NAME…]
  --seeds N        seeds of each (default 20)
  --schedules N    schedules a hunt may take (default 10000)
  --strategy A,B   strategies (default: all that draw at random)
  --twins N        runs N schedules of each correct twin too, which must be silent (default 0)
  --json           one object a row
NAMEs choose programs by parts of their names.`;

/** Schedules to the bug of one program with one strategy. */
interface Row {
  readonly program: string;
  readonly strategy: StrategyName;
  /** One a seed; null where it was not found. */
  readonly schedules: readonly (number | null)[];
}

interface Wanted {
  readonly seeds: number;
  readonly schedules: number;
  readonly strategies: readonly StrategyName[];
  readonly twins: number;
  readonly json: boolean;
  readonly names: readonly string[];
}

/** The gallery's races. */
const GALLERY = ['kern-36681', 'kern-43694'].map((name) => ({
  name,
  buggy: `test/gallery/${name}/buggy.ts`,
  fixed: `test/gallery/${name}/fixed.ts`,
  expected: name === 'kern-36681' ? 'deadlock' : 'kassert',
}));

/** Gives the exit status: 0; 1 when a bug was not found or a twin not silent; 2 for wrong usage. */
export async function huntBench(args: readonly string[]): Promise<number> {
  const wanted = wantedOf(args);
  if (wanted === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const programs = [
    ...benchmarks.map(({ name, verdict }) => ({
      name,
      buggy: `test/hunt/programs/${name}/buggy.ts`,
      fixed: `test/hunt/programs/${name}/fixed.ts`,
      expected: verdict as string,
    })),
    ...GALLERY,
  ].filter(({ name }) => chosen(name, wanted.names));
  const rows: Row[] = [];
  let bad = 0;
  for (const { name, buggy, fixed, expected } of programs) {
    const loaded = await loadProgram(resolve(buggy), { access: true });
    for (const strategy of wanted.strategies) {
      const row = measure(name, loaded, strategy, expected, wanted);
      rows.push(row);
      if (strategy === 'auto' && row.schedules.includes(null)) bad++;
      print(wanted, row);
    }
    if (wanted.twins > 0) bad += await twin(name, fixed, wanted);
  }
  if (!wanted.json) for (const strategy of wanted.strategies) printSummary(strategy, rows);
  return bad === 0 ? 0 : 1;
}

function chosen(name: string, names: readonly string[]): boolean {
  return names.length === 0 || names.some((part) => name.includes(part));
}

function specFor(strategy: StrategyName, seed: number): RunSpec {
  return {
    ...DEFAULT_SPEC,
    ...{ strategy, seed, grain: 'access', detectors: ['race'] },
    budget: 2_000_000,
    knobs: { preempt: true, faults: 8 },
  };
}

function measure(
  program: string,
  loaded: LoadedProgram,
  strategy: StrategyName,
  expected: string,
  wanted: Wanted,
): Row {
  const schedules: (number | null)[] = [];
  for (let seed = 1; seed <= wanted.seeds; seed++) {
    const spec = calibrated(loaded, specFor(strategy, seed));
    const { bugs } = runRange(loaded, spec, 0, wanted.schedules);
    const found = bugs.find((bug) => bug.found.verdict === expected)?.found;
    schedules.push(found === undefined ? null : found.index + 1);
  }
  return { program, strategy, schedules };
}

/** 1 when a correct twin is not silent. */
async function twin(name: string, file: string, wanted: Wanted): Promise<number> {
  const loaded = await loadProgram(resolve(file), { access: true });
  const { bugs } = runRange(loaded, specFor('auto', 1), 0, wanted.twins, { seek: 'all' });
  for (const { found, times } of bugs) {
    const { verdict, message, index } = found;
    process.stdout.write(`  TWIN ${name}: ${verdict} in ${index + 1}, ${times}×: ${message}\n`);
  }
  return bugs.length > 0 ? 1 : 0;
}

function wantedOf(args: readonly string[]): Wanted | undefined {
  let wanted: Wanted = {
    ...{ seeds: 20, schedules: 10_000, twins: 0, json: false, names: [] },
    strategies: STRATEGIES.filter((name) => !UNSEEDED.includes(name)),
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--json') wanted = { ...wanted, json: true };
    else if (arg === '--strategy') {
      const strategies = (args[++i] ?? '').split(',') as StrategyName[];
      if (!strategies.every((name) => STRATEGIES.includes(name))) return undefined;
      wanted = { ...wanted, strategies };
    } else if (arg === '--seeds' || arg === '--schedules' || arg === '--twins') {
      const value = Number(args[++i]);
      if (!(Number.isInteger(value) && value >= 0)) return undefined;
      wanted = { ...wanted, [arg.slice(2)]: value };
    } else if (arg.startsWith('-')) return undefined;
    else wanted = { ...wanted, names: [...wanted.names, arg] };
  }
  return wanted;
}

/** Those that were not found count as all schedules that were tried. */
function counts({ schedules }: Row, limit: number): number[] {
  return schedules.map((one) => one ?? limit).sort((a, b) => a - b);
}

function print({ json, schedules: limit }: Wanted, row: Row): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(row)}\n`);
    return;
  }
  const sorted = counts(row, limit);
  const mean = sorted.reduce((sum, n) => sum + n, 0) / sorted.length;
  const found = row.schedules.filter((one) => one !== null).length;
  const cells = [
    row.program.padEnd(26),
    row.strategy.padEnd(8),
    mean.toFixed(1).padStart(9),
    String(sorted[sorted.length >> 1]).padStart(7),
    String(sorted[sorted.length - 1]).padStart(7),
    `${found}/${row.schedules.length}`.padStart(7),
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
}

/** Geometric mean of the programs' mean schedules, and the worst of all hunts. */
function printSummary(strategy: StrategyName, rows: readonly Row[]): void {
  const own = rows.filter((row) => row.strategy === strategy);
  if (own.length === 0) return;
  let logs = 0;
  let worst = 0;
  let missed = 0;
  for (const { schedules } of own) {
    const known = schedules.filter((one) => one !== null);
    missed += schedules.length - known.length;
    const mean = known.reduce((sum, n) => sum + n, 0) / Math.max(1, known.length);
    logs += Math.log(Math.max(1, mean));
    worst = Math.max(worst, ...known);
  }
  const geometric = Math.exp(logs / own.length).toFixed(2);
  process.stdout.write(
    `${strategy}: geometric mean ${geometric}, worst ${worst}, not found ${missed} ` +
      `(${own.length} programs)\n`,
  );
}

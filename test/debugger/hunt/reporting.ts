/** Reports for tests: of a program of test/hunt or the gallery, under a schedule that fails. */

import { fileURLToPath } from 'node:url';
import type { Bug, Found } from '../../../debugger/hunt/found.ts';
import { type HuntReport, reportOfFound } from '../../../debugger/hunt/report/index.ts';
import { parseComplete } from '../../../debugger/hunt/shrink/index.ts';
import {
  DEFAULT_SPEC,
  execute,
  type LoadedProgram,
  loadProgram,
  type RunSpec,
} from '../../../debugger/index.ts';
import { ReplayStrategy } from '../../../kernel/index.ts';

export interface Failing {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly found: Found;
}

/** Runs `file` (below test/) under a schedule string. */
export async function failing(file: string, schedule: string): Promise<Failing> {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const loaded = await loadProgram(path, { access: true });
  const { spec: told, words } = parseComplete(schedule);
  const spec: RunSpec = { ...DEFAULT_SPEC, ...told };
  const strategy = new ReplayStrategy(words);
  const { outcome, world } = execute(loaded, spec, { strategy });
  const { verdict, message, lwp, icount } = outcome;
  const { seed } = spec;
  const { reports } = world;
  const found = { index: 0, seed, verdict, message, lwp, icount, signature: '', words, reports };
  return { loaded, spec, found };
}

/** The report of a failing schedule as it is, not shrunk. */
export async function reported(file: string, schedule: string): Promise<HuntReport> {
  const { loaded, spec, found } = await failing(file, schedule);
  const bug: Bug = { found, times: 3 };
  return reportOfFound(loaded, spec, null, bug, { schedules: 40, failures: 1 });
}

/**
 * The same with icounts that are counted from 100 in steps of 10, and no line numbers of the kernel:
 * what an edit of the kernel changes is not what goldens are about.
 */
export function steady(report: HuntReport): HuntReport {
  const icounts = new Set<number>();
  collect(report, icounts);
  const known = new Map(
    [...icounts].sort((a, b) => a - b).map((icount, i) => [icount, 100 + i * 10]),
  );
  return renumbered(report, known) as HuntReport;
}

function collect(value: unknown, icounts: Set<number>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'icount') icounts.add(inner as number);
    else if (key !== 'timeline') collect(inner, icounts);
  }
}

function renumbered(value: unknown, known: ReadonlyMap<number, number>): unknown {
  if (Array.isArray(value)) return value.map((inner) => renumbered(inner, known));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => {
    if (key === 'icount') return [key, known.get(inner as number) ?? inner];
    if (key === 'timeline') return [key, inner];
    return [key, renumbered(inner, known)];
  });
  const copy = Object.fromEntries(fields) as Record<string, unknown>;
  if (String(copy['path']).startsWith('rumpus/kernel/')) {
    copy['line'] = 0;
    copy['source'] = '';
  }
  return copy;
}

/** Programs of the access image under many schedules, watched by detectors. */

import { dirname } from 'node:path';
import {
  type DetectorName,
  detectors,
  type Monitor,
  plainReport,
  RandomStrategy,
  type Report,
  runWorld,
  startProgram,
  type Grain,
  type KernelOptions,
  World,
} from '../../../kernel/index.ts';
import type { LoadedProgram } from '../../../debugger/index.ts';
import { SeededHost } from '../../../debugger/run/host.ts';

export interface Seen {
  /** Reports by signature, the first of each, and in how many schedules it was made. */
  readonly reports: Map<string, { report: Report; times: number }>;
  readonly verdicts: Record<string, number>;
  readonly messages: Set<string>;
}

/** Runs `schedules` random schedules of a program. */
export function watchProgram(
  loaded: LoadedProgram,
  names: readonly DetectorName[],
  schedules: number,
  knobs: KernelOptions = { preempt: true },
  grain: Grain = 'access',
): Seen {
  const monitor: Monitor | null = detectors(names);
  const seen: Seen = { reports: new Map(), verdicts: {}, messages: new Set() };
  const host = new SeededHost(dirname(loaded.file), () => {});
  const strategy = new RandomStrategy(1);
  for (let seed = 1; seed <= schedules; seed++) {
    const p = loaded.instance();
    host.reseed(seed);
    strategy.reseed(seed);
    strategy.begin();
    const world = new World({
      strategy,
      grain,
      budget: p.options.budget ?? 200_000,
      host,
      observer: {},
      seed,
      checkpoints: false,
      monitor: monitor ?? undefined,
    });
    startProgram(world, { ...p, options: { ...p.options, ...knobs } });
    const outcome = runWorld(world);
    host.closeAll();
    const verdict = outcome?.verdict ?? 'waits';
    seen.verdicts[verdict] = (seen.verdicts[verdict] ?? 0) + 1;
    if (verdict !== 'passed') seen.messages.add(`${verdict}: ${outcome?.message}`);
    for (const report of world.reports) {
      const known = seen.reports.get(report.signature);
      if (known !== undefined) known.times++;
      else seen.reports.set(report.signature, { report: plainReport(report), times: 1 });
    }
  }
  return seen;
}

/** What was reported, a line each. */
export function lines(seen: Seen): string[] {
  return [...seen.reports.values()].map(
    ({ report, times }) =>
      `${times}× ${report.detector}: ${report.message}. ${report.explanation.join(' ')}`,
  );
}

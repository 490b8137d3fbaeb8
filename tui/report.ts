/**
 * What every command says of a finished run, as text and as the common fields of --json.
 *
 *   deadlock: LWP 2 'a' waits for mutex 'x' …
 *     icount 1,234   virtual time 12.3 µs   digest 0123…
 *     --ncpu 2 --seed 7   (2 CPUs, random, sync)
 */

import {
  type Execution,
  finalDigest,
  type LoadedProgram,
  type RunSpec,
} from '../debugger/index.ts';
import { DEFAULT_CONFIG, DIRECTIVE_CHOICE, DIRECTIVE_WORDS, type World } from '../kernel/index.ts';
import { printableLines } from '../corefiles/index.ts';
import { duration, grouped, plural, styled } from './output.ts';

/** Fields that commands share; one meaning everywhere. */
export interface RunReport {
  readonly program: string;
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly digest: string;
  readonly seed: number;
  readonly ncpu: number;
  readonly strategy: string;
  readonly grain: string;
  readonly image: string;
  readonly preemptions: number;
}

/** The report of a run. */
export function reportOf(loaded: LoadedProgram, spec: RunSpec, run: Execution): RunReport {
  const { outcome, world, options } = run;
  return {
    program: loaded.name,
    verdict: outcome.verdict,
    message: outcome.message,
    icount: outcome.icount,
    virtualTimeNs: outcome.virtualTimeNs,
    digest: finalDigest(world),
    seed: spec.seed,
    ncpu: options.ncpu ?? DEFAULT_CONFIG.ncpu,
    strategy: spec.strategy,
    grain: spec.grain,
    image: loaded.image.identity,
    preemptions: preemptionsOf(world),
  };
}

/** Times that an LWP which could have gone on was made to wait for another. */
function preemptionsOf(w: World): number {
  const { words, length } = w.directives;
  let count = 0;
  for (let i = 0; i < length; i += DIRECTIVE_WORDS) {
    if (words[i] !== DIRECTIVE_CHOICE && words[i + 1] !== 0) count++;
  }
  return count;
}

/** The verdict's own line. */
export function verdictText(verdict: string, message: string): string {
  const name = styled(verdict === 'passed' ? 'green' : 'red', styled('bold', verdict));
  return message === '' ? name : `${name}: ${printableLines(message)}`;
}

/** Where and how the run ended, in two lines. */
export function circumstances(report: RunReport): string[] {
  const { icount, virtualTimeNs, digest, seed, ncpu, strategy, grain } = report;
  return [
    `  icount ${grouped(icount)}, virtual time ${duration(virtualTimeNs)}, digest ${digest}`,
    `  seed ${seed}, ${plural(ncpu, 'CPU')}, strategy ${strategy}, grain ${grain}`,
  ];
}

/** `label  text`, aligned below each other. */
export function labelled(label: string, text: string): string {
  return `  ${styled('dim', label.padEnd(9))} ${text}`;
}

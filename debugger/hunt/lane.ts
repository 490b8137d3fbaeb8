/**
 * A lane: schedules of one program run one after another in this thread, each in a fresh world, with
 * a strategy that learns from each for the next and detectors that watch.
 *
 * Schedule number i of a hunt with seed s runs with scheduleSeed(s, i), and with what its lane has
 * learned before it. Lanes begin at fixed numbers, with what the hunt's first schedules taught: so a
 * hunt finds the same on any number of cores. What is found needs none of that to be repeated: its
 * schedule is kept (found.ts).
 */

import { dirname } from 'node:path';
import {
  Directives,
  detectors,
  type Monitor,
  type Outcome,
  type Program,
  plainReport,
  type Report,
  runWorld,
  type Strategy,
  Variables,
  World,
} from '../../kernel/index.ts';
import { bootProgram, effectiveOptions } from '../run/execute.ts';
import { SeededHost } from '../run/host.ts';
import type { LoadedProgram } from '../run/load.ts';
import { budgetOf, makeStrategy, type RunSpec } from '../run/spec.ts';
import type { Found } from './found.ts';
import { ClassHash } from './report/classes.ts';
import { signatureOf } from './signature.ts';

/** Seed of schedule number `index` (from 0): distinct, and far apart in the generator. */
export function scheduleSeed(seed: number, index: number): number {
  const sum = seed * 1_000_003 + index;
  return sum < Number.MAX_SAFE_INTEGER ? sum : sum % Number.MAX_SAFE_INTEGER;
}

export class Lane {
  readonly strategy: Strategy;
  /** Possible deadlocks, by signature: hints for the search, and no failures. */
  readonly hints = new Map<string, string>();
  /** Statements run, and faults injected, so far. */
  statements = 0;
  injected = 0;
  /** Classes of the schedules (report/classes.ts) since somebody emptied it. */
  classes: number[] = [];
  readonly #loaded: LoadedProgram;
  readonly #spec: RunSpec;
  readonly #monitor: Monitor | undefined;
  readonly #hash = new ClassHash();
  readonly #directives = new Directives();
  readonly #variables = new Variables();
  readonly #host: SeededHost;
  readonly #shared: Program;
  /** The first of each distinct bug. */
  readonly #known = new Map<string, Found>();

  /** `learned` is what another lane's strategy exported. */
  constructor(loaded: LoadedProgram, spec: RunSpec, learned?: unknown) {
    this.#loaded = loaded;
    this.#spec = spec;
    this.strategy = makeStrategy(spec);
    if (learned !== undefined) this.strategy.load?.(learned);
    this.#monitor = detectors(spec.detectors) ?? undefined;
    this.#host = new SeededHost(dirname(loaded.file), () => {});
    this.#shared = this.#instance();
  }

  #instance(): Program {
    const p = this.#loaded.instance();
    return { ...p, options: effectiveOptions(p, this.#spec) };
  }

  /** Runs schedule number `index`: what failed, and what detectors noted, the failure first. */
  run(index: number): readonly Found[] {
    const { strategy } = this;
    const spec = this.#spec;
    const seed = scheduleSeed(spec.seed, index);
    strategy.reseed?.(seed);
    strategy.begin();
    this.#hash.begin();
    this.#host.reseed(seed);
    const p = this.#loaded.compiled.stateful ? this.#instance() : this.#shared;
    const w = new World({
      strategy,
      grain: spec.grain,
      budget: budgetOf(spec, p.options),
      host: this.#host,
      observer: NOBODY,
      seed,
      checkpoints: false,
      monitor: this.#monitor,
      steps: this.#hash,
      directives: this.#directives,
      variables: this.#variables,
    });
    bootProgram(w, p, spec.args);
    const outcome = runWorld(w);
    strategy.ended?.(w);
    this.#host.closeAll();
    this.statements += w.icount;
    this.injected += w.injected;
    this.classes.push(this.#hash.value());
    const failed = outcome !== undefined && outcome.verdict !== 'passed';
    if (!failed && w.reports.length === 0) return NOTHING;
    for (const report of w.reports) {
      if (!isFinding(report) && !this.hints.has(report.signature)) {
        this.hints.set(report.signature, report.message);
      }
    }
    return this.#found(index, seed, w, failed ? outcome : null);
  }

  #found(index: number, seed: number, w: World, failure: Outcome | null): readonly Found[] {
    const known = this.#knownOnes(w, failure);
    if (known !== undefined) return known;
    const words = this.#directives.copy();
    const reports = w.reports.filter(isFinding).map(plainReport);
    const list: Found[] = [];
    if (failure !== null) {
      const { verdict, message, lwp, icount, site } = failure;
      const signature = signatureOf(verdict, message, site);
      list.push({ index, seed, verdict, message, lwp, icount, signature, words, reports });
    }
    for (const report of reports) {
      const { verdict, message, signature } = report;
      const { lwp, icount } = report.sides[report.sides.length - 1];
      const others = [report, ...reports.filter((other) => other !== report)];
      list.push({ index, seed, verdict, message, lwp, icount, signature, words, reports: others });
    }
    for (const found of list) this.#known.set(found.signature, found);
    return list;
  }

  /** What was found before, if that is all that this run shows. */
  #knownOnes({ reports }: World, failure: Outcome | null): Found[] | undefined {
    const list: Found[] = [];
    if (failure !== null) {
      const { verdict, message, site } = failure;
      const found = this.#known.get(signatureOf(verdict, message, site));
      if (found === undefined) return undefined;
      list.push(found);
    }
    for (const report of reports) {
      if (!isFinding(report)) continue;
      const found = this.#known.get(report.signature);
      if (found === undefined) return undefined;
      list.push(found);
    }
    return list;
  }
}

const NOBODY = {};
const NOTHING: readonly Found[] = [];

/** A possible deadlock is a hint for the search, and no failure. */
function isFinding(report: Report): boolean {
  return report.verdict !== 'lock-order';
}

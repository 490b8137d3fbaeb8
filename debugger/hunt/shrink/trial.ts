/**
 * Trials: runs of a failing program under what is left of its schedule.
 *
 * A trial fails when it fails in the same way (same.ts). It may take a few times the statements of
 * the failing run and no more, so none hangs. What it really did is in its `steps`.
 */

import { setImmediate } from 'node:timers/promises';
import {
  DIRECTIVE_CHOICE,
  DIRECTIVE_WORDS,
  type Lwp,
  type Outcome,
  plainReport,
  type Report,
  type Strategy,
  type World,
} from '../../../kernel/index.ts';
import { execute } from '../../run/execute.ts';
import type { LoadedProgram } from '../../run/load.ts';
import { budgetOf, type RunSpec } from '../../run/spec.ts';
import { type Step, stepsOf, wordsOf } from './moments.ts';
import { failureKey } from './same.ts';
import { type FollowOptions, FollowStrategy, type Questioned } from './strategy.ts';
import type { Size } from './types.ts';

/** Statements of a trial: so many times those of the failing run, and so many more. */
const BUDGET_FACTOR = 4;
const BUDGET_MORE = 10_000;
/** Where the failure is that the budget is spent: so many times those of a run that passes. */
const PASSING_FACTOR = 50;
/** Host time after which others get their turn. */
const TURN_MS = 20;

/** One run. */
export interface Trial {
  readonly outcome: Outcome;
  readonly reports: readonly Report[];
  readonly key: string;
  /** Its deviations from the default schedule. */
  readonly steps: readonly Step[];
  readonly preemptions: number;
  readonly choices: number;
  /** Nothing of what it was told was left out. */
  readonly exact: boolean;
}

/** A trial at whose end was looked at who ran. */
export interface FinalTrial extends Trial {
  /** In order of their first step. */
  readonly lwps: readonly number[];
  readonly size: Size;
}

/** The shrinking was interrupted; what there is by then is the result. */
export class Interrupted extends Error {}

type Counting = Strategy & { readonly preemptions: number };

export class Trials {
  readonly loaded: LoadedProgram;
  spec: RunSpec;
  /** Runs so far, and how many there may be. */
  count = 0;
  limit = 1;
  /** The failure; '' until like(). */
  key = '';
  readonly #signal: AbortSignal | undefined;
  readonly #known = new Map<string, Trial>();
  readonly #fullBudget: number;
  #budget: number;
  #turn = performance.now();

  constructor(loaded: LoadedProgram, spec: RunSpec, signal?: AbortSignal) {
    this.loaded = loaded;
    this.#signal = signal;
    this.#fullBudget = budgetOf(spec, loaded.instance().options);
    this.#budget = this.#fullBudget;
    this.spec = { ...spec, budget: this.#fullBudget };
  }

  /** Whether there are runs left. */
  get left(): boolean {
    return this.count < this.limit;
  }

  /** From here on, trials are to fail like this one, and need not take much longer. */
  async like(failing: Trial): Promise<void> {
    this.key = failing.key;
    let enough = failing.outcome.icount * BUDGET_FACTOR + BUDGET_MORE;
    if (failing.outcome.verdict === 'timeout') {
      const usual = await this.run([]);
      if (usual.outcome.verdict === 'timeout') return;
      enough = usual.outcome.icount * PASSING_FACTOR + BUDGET_MORE;
    }
    this.#budget = Math.min(this.#budget, enough);
  }

  /** Runs these directives. The same ones are not run twice. */
  async run(steps: readonly Step[], options: FollowOptions = {}): Promise<Trial> {
    const plain = options.held === undefined && options.questioned === undefined;
    const text = plain ? wordsOf(steps).join() : '';
    const known = plain ? this.#known.get(text) : undefined;
    if (known !== undefined) return known;
    await this.#turnOver();
    this.count++;
    const trial = this.#follow(steps, options);
    if (plain) this.#known.set(text, trial);
    return trial;
  }

  /** The same, as long as there are runs left; gives it when it fails as it should. */
  async fails(steps: readonly Step[], options: FollowOptions = {}): Promise<Trial | null> {
    if (!this.left) return null;
    const trial = await this.run(steps, options);
    return trial.key === this.key ? trial : null;
  }

  /** A run of a search, which does not count. */
  async search(strategy: Counting): Promise<Trial> {
    await this.#turnOver();
    return { ...this.#execute(strategy), exact: true };
  }

  /** Takes other values into the spec when they make no difference. */
  async respec(change: Partial<RunSpec>, failing: Trial): Promise<void> {
    const { spec } = this;
    const next = { ...spec, ...change };
    if (JSON.stringify(next) === JSON.stringify(spec) || !this.left) return;
    this.#known.clear();
    this.spec = next;
    const { key, outcome, exact } = await this.run(failing.steps);
    if (key === this.key && exact && outcome.icount === failing.outcome.icount) return;
    this.#known.clear();
    this.spec = spec;
  }

  /** Runs these directives with the whole budget, and says who ran. Does not count. */
  final(steps: readonly Step[]): FinalTrial {
    const budget = this.#budget;
    this.#budget = this.#fullBudget;
    const ran = new Ran();
    const trial = this.#follow(steps, { questioned: ran });
    this.#budget = budget;
    return { ...trial, lwps: ran.lwps(trial.outcome), size: sizeOf(trial, ran) };
  }

  async #turnOver(): Promise<void> {
    if (performance.now() - this.#turn > TURN_MS) {
      await setImmediate();
      this.#turn = performance.now();
    }
    if (this.#signal?.aborted === true) throw new Interrupted();
  }

  #follow(steps: readonly Step[], options: FollowOptions): Trial {
    const strategy = new FollowStrategy(wordsOf(steps), options);
    const trial = this.#execute(strategy);
    return { ...trial, exact: strategy.misfits().length === 0 };
  }

  #execute(strategy: Counting): Omit<Trial, 'exact'> {
    const spec = { ...this.spec, budget: this.#budget };
    const { world, outcome } = execute(this.loaded, spec, { strategy, checkpoints: false });
    strategy.ended?.(world);
    return trialOf(world, outcome, strategy.preemptions);
  }
}

function trialOf(world: World, outcome: Outcome, preemptions: number): Omit<Trial, 'exact'> {
  const words = world.directives.copy();
  let choices = 0;
  for (let i = 0; i < words.length; i += DIRECTIVE_WORDS) {
    if (words[i] === DIRECTIVE_CHOICE) choices++;
  }
  const reports = outcome.verdict === 'passed' ? [] : world.reports.map(plainReport);
  const key = failureKey(outcome, reports);
  return { outcome, reports, key, steps: stepsOf(words), preemptions, choices };
}

/** Notes which LWPs are asked, or chosen. */
class Ran implements Questioned {
  readonly #lwps = new Set<number>();

  asked(_kind: number, current: Lwp | null): undefined {
    if (current !== null) this.#lwps.add(current.id);
  }

  lwps(outcome: Outcome): number[] {
    if (outcome.lwp !== 0) this.#lwps.add(outcome.lwp);
    return [...this.#lwps];
  }
}

function sizeOf(trial: Trial, ran: Ran): Size {
  const { steps, preemptions, choices, outcome } = trial;
  const lwps = ran.lwps(outcome).length;
  return { directives: steps.length, preemptions, choices, lwps, icount: outcome.icount };
}

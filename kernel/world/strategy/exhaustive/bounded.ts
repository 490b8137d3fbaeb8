/**
 * Exhaustive search with a bound on preemptions: every schedule with none, then every one with one,
 * and so on. Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of
 * Multithreaded Programs", PLDI 2007: most bugs need one or two.
 *
 * A preemption takes the CPU from an LWP that could go on; after a sleep, an exit, or where an LWP
 * has to wait (eligible.ts) a switch is free. Within the bound every schedule is run, not one of each
 * class: an equivalent schedule may have more preemptions, so that reductions which keep only one
 * of them would lose some (Coons, Musuvathi, McKinley, "Bounded Partial-Order Reduction", OOPSLA 2013).
 *
 * A run with fewer preemptions than the bound was made before, and counts as in vain.
 */

import type { Lwp } from '../../../kern/lwp.ts';
import type { DirectiveKind } from '../../directives.ts';
import type { World } from '../../world.ts';
import type { ChoiceKind } from '../strategy.ts';
import { Eligible } from './eligible.ts';
import { counted, noCaveats, type Search } from './search.ts';
import { Threads } from './threads.ts';

/** A question of the path: which of its alternatives is taken. */
interface Question {
  readonly signature: number;
  readonly alternatives: readonly number[];
  taken: number;
}

export class BoundedSearch implements Search {
  executions = 0;
  classes = 0;
  blocked = 0;
  readonly caveats = noCaveats();
  readonly #limit: number;
  readonly #threads = new Threads();
  readonly #eligible = new Eligible(this.#threads);
  readonly #path: Question[] = [];
  #begun = false;
  #done = false;
  #bound = 0;
  /** A schedule of this bound had to leave a preemption out. */
  #bounded = false;
  #depth = 0;
  #preemptions = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  more(): boolean {
    return !this.#done;
  }

  begin(): void {
    if (this.#begun) this.#over(null);
    this.#begun = true;
    this.#depth = 0;
    this.#preemptions = 0;
    this.#threads.begin();
    this.#eligible.begin();
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    kind: DirectiveKind,
  ): number {
    if (this.#done) return -1;
    this.#eligible.asked(current, kind);
    const { threads, at } = this.#eligible;
    this.#eligible.choose(candidates, count);
    const own = current === null ? -1 : threads.indexOf(this.#threads.of(current));
    const goesOn = own >= 0 && candidates[at[own]] === current;
    const signature = this.#eligible.signature(candidates, count);
    const answer = this.#ask(signature, threads.length, goesOn ? own : -1);
    if (answer < 0) return -1;
    if (goesOn && answer !== own) this.#preemptions++;
    this.#eligible.runs(candidates[at[answer]]);
    return at[answer];
  }

  choose(_kind: ChoiceKind, count: number): number {
    return this.#done ? 0 : Math.max(0, this.#ask(-count, count, -1));
  }

  /** The path's answer, or the first; `own` is the one that is no preemption, -1 if all are none. */
  #ask(signature: number, count: number, own: number): number {
    const depth = this.#depth++;
    if (depth < this.#path.length) {
      const question = this.#path[depth];
      if (question.signature === signature) return question.alternatives[question.taken];
      this.caveats.diverged = `the program is not deterministic: question ${depth + 1} of a run was another than when it was made before`;
      this.#done = true;
      return -1;
    }
    const alternatives = own >= 0 ? [own] : [];
    const may = own < 0 || this.#preemptions < this.#bound;
    if (!may && count > 1) this.#bounded = true;
    for (let i = 0; may && i < count; i++) if (i !== own) alternatives.push(i);
    this.#path.push({ signature, alternatives, taken: 0 });
    return alternatives[0];
  }

  ended(w: World): void {
    if (this.#begun) this.#over(w);
    this.#begun = false;
  }

  #over(w: World | null): void {
    this.executions++;
    if (this.#done) return;
    const { caveats } = this;
    caveats.yielded ||= this.#eligible.yielded;
    if (this.#preemptions < this.#bound) this.blocked++;
    else if (w?.outcome?.verdict === 'timeout') caveats.cut++;
    else this.classes++;
    if (this.#advance()) return;
    if (this.#bounded && this.#bound < this.#limit) {
      this.#bound++;
      this.#bounded = false;
    } else this.#done = true;
  }

  /** The next path; false when all were taken. */
  #advance(): boolean {
    for (; this.#path.length > 0; this.#path.pop()) {
      const last = this.#path[this.#path.length - 1];
      if (++last.taken < last.alternatives.length) return true;
    }
    return false;
  }

  explored(): string {
    const schedules = counted(this.classes, 'schedule', 'schedules');
    if (!this.#bounded) return `all ${schedules} (none has more than ${this.#most()})`;
    return `all ${schedules} with at most ${this.#most()}`;
  }

  #most(): string {
    return counted(this.#bound, 'preemption', 'preemptions');
  }
}

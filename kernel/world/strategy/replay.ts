/**
 * Replay: follows directives, and the default schedule everywhere else.
 *
 * Directives are kept a list an LWP, in the order of that LWP's own counts. One whose moment
 * passed unused, or whose answer is no candidate, is a divergence: strict replays stop there, an
 * adapting one goes on.
 */

import { NEVER } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import {
  DIRECTIVE_ACCESS,
  DIRECTIVE_CHOICE,
  DIRECTIVE_POINT,
  DIRECTIVE_STATEMENT,
  DIRECTIVE_WORDS,
} from '../directives.ts';
import type { ChoiceKind, Strategy } from './strategy.ts';

interface Planned {
  readonly kind: number;
  readonly at: number;
  readonly answer: number;
}

class Plan {
  readonly items: Planned[] = [];
  next = 0;
}

/** Where a replay left its recording. */
export interface ScheduleMismatch {
  readonly lwp: number;
  readonly at: number;
  readonly expected: string;
  readonly found: string;
}

export class ReplayStrategy implements Strategy {
  readonly name = 'replay';
  readonly #points = new Map<number, Plan>();
  readonly #statements = new Map<number, Plan>();
  readonly #accesses = new Map<number, Plan>();
  mismatch: ScheduleMismatch | null = null;
  readonly #onMismatch: (mismatch: ScheduleMismatch) => void;

  /** Follows the directives in `words`; the first that does not fit is told to `onMismatch`. */
  constructor(words: Int32Array, onMismatch: (mismatch: ScheduleMismatch) => void = () => {}) {
    this.#onMismatch = onMismatch;
    for (let i = 0; i + DIRECTIVE_WORDS <= words.length; i += DIRECTIVE_WORDS) {
      const plans = this.#plansOf(words[i]);
      let plan = plans.get(words[i + 1]);
      if (plan === undefined) {
        plan = new Plan();
        plans.set(words[i + 1], plan);
      }
      plan.items.push({ kind: words[i], at: words[i + 2], answer: words[i + 3] });
    }
  }

  #plansOf(kind: number): Map<number, Plan> {
    if (kind === DIRECTIVE_STATEMENT) return this.#statements;
    return kind === DIRECTIVE_ACCESS ? this.#accesses : this.#points;
  }

  #plans(): Plan[] {
    const maps = [this.#points, this.#statements, this.#accesses];
    return maps.flatMap((map) => [...map.values()]);
  }

  begin(): void {
    for (const plan of this.#plans()) plan.next = 0;
    this.mismatch = null;
  }

  /** Directives which were never reached. */
  unused(): number {
    let unused = 0;
    for (const plan of this.#plans()) unused += plan.items.length - plan.next;
    return unused;
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    icount: number,
    accesses: number,
  ): number {
    const id = current === null ? 0 : current.id;
    const planned =
      this.#take(this.#points, id, points, DIRECTIVE_POINT) ??
      this.#take(this.#statements, id, icount, DIRECTIVE_STATEMENT) ??
      this.#take(this.#accesses, id, accesses, DIRECTIVE_ACCESS);
    if (planned === undefined) return -1;
    for (let i = 0; i < count; i++) if (candidates[i].id === planned.answer) return i;
    this.#differs({
      lwp: id,
      at: planned.at,
      expected: `LWP ${planned.answer} runs next`,
      found: `only ${list(candidates, count)} can run`,
    });
    return -1;
  }

  #differs(mismatch: ScheduleMismatch): void {
    if (this.mismatch !== null) return;
    this.mismatch = mismatch;
    this.#onMismatch(mismatch);
  }

  choose(_kind: ChoiceKind, count: number, current: Lwp | null, points: number): number {
    const id = current === null ? 0 : current.id;
    const planned = this.#take(this.#points, id, points, DIRECTIVE_CHOICE);
    if (planned === undefined) return 0;
    return planned.answer < count ? planned.answer : 0;
  }

  #take(plans: Map<number, Plan>, id: number, at: number, kind: number): Planned | undefined {
    const plan = plans.get(id);
    if (plan === undefined) return undefined;
    const planned = plan.items[plan.next];
    if (planned === undefined || planned.at > at) return undefined;
    if (planned.at === at && planned.kind === kind) {
      plan.next++;
      return planned;
    }
    if (planned.at < at) {
      plan.next++;
      this.#differs({
        lwp: id,
        at: planned.at,
        expected: `a choice at LWP ${id}'s own count ${planned.at}`,
        found: `its next choice is at ${at}`,
      });
    }
    return undefined;
  }

  pointStride(current: Lwp | null, points: number): number {
    return this.#distance(this.#points, current, points);
  }

  accessStride(current: Lwp | null, accesses: number): number {
    return this.#distance(this.#accesses, current, accesses);
  }

  statementStride(current: Lwp | null, icount: number): number {
    return this.#distance(this.#statements, current, icount);
  }

  #distance(plans: Map<number, Plan>, current: Lwp | null, from: number): number {
    const plan = plans.get(current === null ? 0 : current.id);
    const planned = plan?.items[plan.next];
    if (planned === undefined) return NEVER;
    return Math.max(1, planned.at - from);
  }
}

function list(candidates: readonly Lwp[], count: number): string {
  return candidates
    .slice(0, count)
    .map((l) => `LWP ${l.id}`)
    .join(', ');
}

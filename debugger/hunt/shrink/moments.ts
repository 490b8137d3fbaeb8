/**
 * Every moment of a run at which an LWP could have been preempted, or had to choose who is next:
 * where a switch may be moved to, and what each LWP does between two of them.
 */

import {
  DIRECTIVE_ACCESS,
  DIRECTIVE_CHOICE,
  type DirectiveKind,
  hooks,
  type Lwp,
  OP_NONE,
  OP_START,
  type OpKind,
  type Variable,
} from '../../../kernel/index.ts';
import type { Questioned } from './strategy.ts';

export interface Moment {
  readonly kind: DirectiveKind;
  /** 0 when nobody ran. */
  readonly lwp: number;
  /** Its own count. */
  readonly at: number;
  readonly icount: number;
  /** Whether it could have gone on. */
  readonly mayGoOn: boolean;
  /** Who could run, by number. */
  readonly candidates: readonly number[];
  /** What it was about to do. */
  readonly op: OpKind;
  readonly about: Variable | null;
  /** Of an access (negative); else of the statement that it is in. */
  readonly site: number;
}

/** Moments kept of one run; a longer one is not looked at to its end. */
const MOMENTS_MAX = 200_000;

/** Keeps the moments of a run, or of one LWP in it. */
export class Moments implements Questioned {
  readonly list: Moment[] = [];
  readonly #of: number | undefined;

  constructor(lwp?: number) {
    this.#of = lwp;
  }

  asked(
    kind: DirectiveKind,
    current: Lwp | null,
    at: number,
    candidates: readonly Lwp[],
    count: number,
  ): undefined {
    const lwp = current === null ? 0 : current.id;
    if (this.#of !== undefined && lwp !== this.#of) return;
    if (this.list.length >= MOMENTS_MAX) return;
    const who: number[] = [];
    for (let i = 0; i < count; i++) who.push(candidates[i].id);
    const mayGoOn = current !== null && who.includes(lwp);
    this.list.push({
      kind,
      lwp,
      at,
      icount: hooks.icount,
      mayGoOn,
      candidates: who,
      ...opOf(current, kind),
    });
  }
}

function opOf(l: Lwp | null, kind: DirectiveKind): Pick<Moment, 'op' | 'about' | 'site'> {
  if (l === null) return { op: OP_NONE, about: null, site: 0 };
  const site = kind === DIRECTIVE_ACCESS ? l.opSite : hooks.site;
  const known = kind !== 1 && l.opKind !== OP_START;
  return known ? { op: l.opKind, about: l.op, site } : { op: OP_NONE, about: null, site };
}

/** Whether two moments are the same one. */
export function sameMoment(a: Moment, b: Pick<Moment, 'kind' | 'lwp' | 'at'>): boolean {
  return a.kind === b.kind && a.lwp === b.lwp && a.at === b.at;
}

/** A directive. */
export interface Step {
  readonly kind: DirectiveKind;
  readonly lwp: number;
  readonly at: number;
  readonly answer: number;
}

const WORDS = 4;

export function stepsOf(words: Int32Array): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i + WORDS <= words.length; i += WORDS) {
    const [kind, lwp, at, answer] = words.subarray(i, i + WORDS);
    steps.push({ kind: kind as DirectiveKind, lwp, at, answer });
  }
  return steps;
}

export function wordsOf(steps: readonly Step[]): Int32Array {
  return Int32Array.from(steps.flatMap(({ kind, lwp, at, answer }) => [kind, lwp, at, answer]));
}

/** Whether a directive says who runs next, not what else happens. */
export function isSwitch({ kind }: Step): boolean {
  return kind !== DIRECTIVE_CHOICE;
}

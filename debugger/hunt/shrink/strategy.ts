/**
 * Follows directives as far as they fit: what is left of a schedule after some of it was taken away,
 * or a schedule of a program that was edited since.
 *
 * A directive is followed at exactly its moment (kind, LWP, own count) when its answer is a candidate
 * then; one whose moment passes or never comes is skipped. Everywhere else the default schedule
 * decides, but for LWPs that are held back, which run only when nobody else can. The world records
 * what was really done (World.directives), which is again a list of directives.
 */

import {
  DIRECTIVE_ACCESS,
  DIRECTIVE_CHOICE,
  DIRECTIVE_STATEMENT,
  DIRECTIVE_WORDS,
  type DirectiveKind,
  type ChoiceKind,
  defaultNext,
  type Lwp,
  NEVER,
  type Strategy,
} from '../../../kernel/index.ts';
import { directiveText } from './text.ts';

/** Whoever wants to see every question of a run; it is then asked at every point. */
export interface Questioned {
  /**
   * Who can run, at this moment of `current`; `answer` is the one that the directives name, -1 for
   * what is usual. Another answer may be given instead.
   */
  asked(
    kind: DirectiveKind,
    current: Lwp | null,
    at: number,
    candidates: readonly Lwp[],
    count: number,
    answer: number,
  ): number | undefined;
}

export interface FollowOptions {
  readonly questioned?: Questioned;
  /** LWPs, by number, that run only when nobody else can. */
  readonly held?: ReadonlySet<number>;
}

/** A directive that was not followed, and why. */
export interface Misfit {
  /** `2@17>1` */
  readonly directive: string;
  readonly lwp: number;
  /** One clause: `LWP 1 could not run then`. */
  readonly why: string;
}

/** What became of a directive. */
const WAITS = 0;
const FOLLOWED = 1;
const NO_CANDIDATE = 2;
const PASSED = 3;

/** The directives of one LWP that are counted in one way, by count. */
class Track {
  /** Indices into `words`. */
  readonly items: number[] = [];
  next = 0;
  /** The LWP's count when it was last asked. */
  reached = 0;
}

export class FollowStrategy implements Strategy {
  readonly name = 'schedule';
  readonly looksAtOps: boolean;
  readonly #words: Int32Array;
  readonly #fate: Uint8Array;
  readonly #tracks = new Map<number, Track>();
  readonly #questioned: Questioned | undefined;
  readonly #held: ReadonlySet<number> | undefined;

  constructor(words: Int32Array, options: FollowOptions = {}) {
    this.#words = words;
    this.#fate = new Uint8Array(words.length / DIRECTIVE_WORDS);
    this.#questioned = options.questioned;
    this.#held = options.held;
    this.looksAtOps = options.questioned !== undefined;
    for (let i = 0; i < words.length; i += DIRECTIVE_WORDS) {
      const track = trackOf(words[i], words[i + 1]);
      const known = this.#tracks.get(track) ?? new Track();
      known.items.push(i);
      this.#tracks.set(track, known);
    }
    for (const { items } of this.#tracks.values())
      items.sort((a, b) => words[a + 2] - words[b + 2]);
  }

  /** Times in this run that an LWP which could have gone on had to wait for another. */
  preemptions = 0;

  begin(): void {
    this.#fate.fill(WAITS);
    this.preemptions = 0;
    for (const track of this.#tracks.values()) {
      track.next = 0;
      track.reached = 0;
    }
  }

  /** The directives that were not followed in this run, in the order of the schedule. */
  misfits(): Misfit[] {
    const words = this.#words;
    const list: Misfit[] = [];
    this.#fate.forEach((fate, n) => {
      if (fate === FOLLOWED) return;
      const i = n * DIRECTIVE_WORDS;
      const [kind, lwp, , answer] = words.subarray(i, i + DIRECTIVE_WORDS);
      const reached = this.#tracks.get(trackOf(kind, lwp))?.reached ?? 0;
      list.push({
        directive: directiveText(words, i),
        lwp,
        why: whyNot(fate, kind, answer, reached),
      });
    });
    return list;
  }

  next(
    candidates: readonly Lwp[],
    count: number,
    current: Lwp | null,
    points: number,
    icount: number,
    accesses: number,
    kind: DirectiveKind,
  ): number {
    const at =
      kind === DIRECTIVE_STATEMENT ? icount : kind === DIRECTIVE_ACCESS ? accesses : points;
    let answer = this.#planned(kind, current, at, candidates, count);
    if (answer < 0 && this.#held !== undefined)
      answer = notHeld(this.#held, candidates, count, current);
    answer = this.#questioned?.asked(kind, current, at, candidates, count, answer) ?? answer;
    if (answer >= 0 && candidates[answer] !== current && includes(candidates, count, current)) {
      this.preemptions++;
    }
    return answer;
  }

  /** The candidate that a directive names for this moment; -1 for none. */
  #planned(
    kind: number,
    current: Lwp | null,
    at: number,
    candidates: readonly Lwp[],
    count: number,
  ): number {
    const i = this.#take(kind, current, at);
    if (i < 0) return -1;
    for (let c = 0; c < count; c++) {
      if (candidates[c].id !== this.#words[i + 3]) continue;
      this.#fate[i / DIRECTIVE_WORDS] = FOLLOWED;
      return c;
    }
    this.#fate[i / DIRECTIVE_WORDS] = NO_CANDIDATE;
    return -1;
  }

  /** The directive for this moment; those before it have passed. -1 for none. */
  #take(kind: number, current: Lwp | null, at: number): number {
    const track = this.#tracks.get(trackOf(kind, current === null ? 0 : current.id));
    if (track === undefined) return -1;
    track.reached = at;
    for (; track.next < track.items.length; track.next++) {
      const i = track.items[track.next];
      const its = this.#words[i + 2];
      if (its > at || (its === at && this.#words[i] !== kind)) return -1;
      if (its === at) {
        track.next++;
        return i;
      }
      this.#fate[i / DIRECTIVE_WORDS] = PASSED;
    }
    return -1;
  }

  choose(_kind: ChoiceKind, count: number, current: Lwp | null, points: number): number {
    const i = this.#take(DIRECTIVE_CHOICE, current, points);
    if (i < 0) return 0;
    const answer = this.#words[i + 3];
    this.#fate[i / DIRECTIVE_WORDS] = answer < count ? FOLLOWED : NO_CANDIDATE;
    return answer < count ? answer : 0;
  }

  pointStride(current: Lwp | null, points: number): number {
    return this.#stride(0, current, points);
  }

  accessStride(current: Lwp | null, accesses: number): number {
    return this.#stride(DIRECTIVE_ACCESS, current, accesses);
  }

  statementStride(current: Lwp | null, icount: number): number {
    return this.#stride(DIRECTIVE_STATEMENT, current, icount);
  }

  /** Counts until the next directive of this LWP; all of them are of interest to who looks. */
  #stride(kind: number, current: Lwp | null, from: number): number {
    if (this.#questioned !== undefined || this.#held !== undefined) return 1;
    const track = this.#tracks.get(trackOf(kind, current === null ? 0 : current.id));
    const i = track?.items[track.next];
    return i === undefined ? NEVER : Math.max(1, this.#words[i + 2] - from);
  }
}

function includes(candidates: readonly Lwp[], count: number, l: Lwp | null): boolean {
  for (let i = 0; i < count; i++) if (candidates[i] === l) return true;
  return false;
}

/** Points and choices are counted alike. */
function trackOf(kind: number, lwp: number): number {
  return lwp * 4 + (kind === DIRECTIVE_CHOICE ? 0 : kind);
}

/** The default answer, where it names an LWP that is held back and another can run; -1 otherwise. */
function notHeld(
  held: ReadonlySet<number>,
  candidates: readonly Lwp[],
  count: number,
  current: Lwp | null,
): number {
  const usual = candidates[defaultNext(candidates, count, current, 0)];
  if (!held.has(usual.id)) return -1;
  for (let i = 0; i < count; i++) if (!held.has(candidates[i].id)) return i;
  return -1;
}

function whyNot(fate: number, kind: number, answer: number, reached: number): string {
  if (fate === NO_CANDIDATE) {
    return kind === DIRECTIVE_CHOICE
      ? `there was no alternative ${answer}`
      : `LWP ${answer} could not run then`;
  }
  if (fate === PASSED)
    return `nothing was to be decided then; the next decision came at ${reached}`;
  return reached === 0 ? 'it never came to that' : `its last decision came at ${reached}`;
}

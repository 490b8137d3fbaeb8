/**
 * Rules: which statement a step, forwards or backwards, is looking for.
 *
 * A matcher is shown statement after statement. Depth is that of the calls of the LWP that runs:
 * generators on its frame list count DEPTH_OF_FRAME each, plain functions above them 1 each.
 */

import { EVENT_NAMES, hooks, RECORD_WORDS, type Ring } from '../../kernel/index.ts';
import type { Rule, Start } from './protocol.ts';
import { ENTRY, OF_KERNEL, type SiteFlags, SKIPPED, STOPPABLE } from './siteflags.ts';

/** More than plain calls can nest. */
export const DEPTH_OF_FRAME = 4096;

/** The depth at which the running LWP is. */
export function currentDepth(): number {
  return hooks.fp * DEPTH_OF_FRAME + hooks.pd;
}

/** One statement about to run. */
export interface Statement {
  icount: number;
  lwp: number;
  depth: number;
  site: number;
  points: number;
}

export interface Matcher {
  /** Whether this is one; the icount meant may be an earlier one. -1 for no. */
  match(s: Statement): number;
}

/** The matcher of a rule; undefined for those that are not about single statements. */
export function matcherOf(
  rule: Rule,
  start: Start,
  flags: SiteFlags,
  ring: Ring | null,
): Matcher | undefined {
  switch (rule.kind) {
    case 'step':
      return new StepMatcher(rule, start, flags);
    case 'back':
      return new BackMatcher(rule, start, flags);
    case 'entry':
      return new EntryMatcher(rule.lwp, rule.depth, flags);
    case 'switch':
      return new SwitchMatcher(start);
    case 'event':
      return ring === null ? undefined : new EventMatcher(rule.event, start, ring);
    case 'scheduling-point':
      return new PointMatcher(start);
    case 'main':
      return { match: (s) => (isProgram(flags.of(s.site)) ? s.icount : -1) };
    case 'next':
      return { match: (s) => (s.icount > start.icount ? s.icount : -1) };
    default:
      return undefined;
  }
}

function isProgram(flags: number): boolean {
  return (flags & STOPPABLE) !== 0 && (flags & OF_KERNEL) === 0;
}

type StepRule = Extract<Rule, { kind: 'step' }>;
type BackRule = Extract<Rule, { kind: 'back' }>;

/** A step never ends in code that is gone over, unless it began there. */
function visible(s: Statement, start: Start, flags: SiteFlags): boolean {
  if ((flags.of(s.site) & STOPPABLE) === 0) return false;
  return (flags.of(s.site) & SKIPPED) === 0 || s.depth === start.depth;
}

class StepMatcher implements Matcher {
  readonly #rule: StepRule;
  readonly #start: Start;
  readonly #flags: SiteFlags;
  /** Depth of the outermost function that was entered since; what is there or deeper was called. */
  #entered = Number.POSITIVE_INFINITY;

  constructor(rule: StepRule, start: Start, flags: SiteFlags) {
    this.#rule = rule;
    this.#start = start;
    this.#flags = flags;
  }

  match(s: Statement): number {
    const { how, lwp, target, granularity } = this.#rule;
    const start = this.#start;
    if (s.lwp !== lwp || s.icount <= start.icount) return -1;
    if (s.depth < this.#entered) this.#entered = Number.POSITIVE_INFINITY;
    if ((this.#flags.of(s.site) & ENTRY) !== 0) this.#entered = Math.min(this.#entered, s.depth);
    if (!visible(s, start, this.#flags)) return -1;
    if (s.depth > start.depth || s.depth >= this.#entered) {
      if (how !== 'in') return -1;
      return target === '' || this.#flags.functionOf(s.site) === target ? s.icount : -1;
    }
    if (s.depth < start.depth) return s.icount;
    if (how === 'out') return -1;
    if (granularity === 'line' && this.#flags.sameLine(s.site, start.site)) return -1;
    return s.icount;
  }
}

class BackMatcher implements Matcher {
  readonly #rule: BackRule;
  readonly #start: Start;
  readonly #flags: SiteFlags;
  /** The first statement of the stretch of one line that is being passed. */
  #stretch: Statement | null = null;
  /** The last match in a caller: what remains when the function is entered anew. */
  #caller = -1;

  constructor(rule: BackRule, start: Start, flags: SiteFlags) {
    this.#rule = rule;
    this.#start = start;
    this.#flags = flags;
  }

  match(s: Statement): number {
    const { how, lwp, granularity } = this.#rule;
    const start = this.#start;
    if (s.lwp !== lwp || s.icount >= start.icount) return -1;
    const entered = s.depth === start.depth && (this.#flags.of(s.site) & ENTRY) !== 0;
    if (!visible(s, start, this.#flags)) return entered && how === 'back' ? this.#caller : -1;
    if (how === 'back-out') return s.depth < start.depth ? s.icount : -1;
    if (how === 'back' && s.depth > start.depth) return -1;
    const found = granularity === 'statement' ? s.icount : this.#lineStart(s);
    if (s.depth < start.depth) this.#caller = found;
    return found;
  }

  /** The beginning of a line's stretch; that of the line where the step began does not count. */
  #lineStart(s: Statement): number {
    const last = this.#stretch;
    const goesOn =
      last !== null && last.depth === s.depth && this.#flags.sameLine(last.site, s.site);
    if (!goesOn) this.#stretch = { ...s };
    const own = s.depth === this.#start.depth && this.#flags.sameLine(s.site, this.#start.site);
    return own ? -1 : (this.#stretch as Statement).icount;
  }
}

/** The first statement of the latest call at a depth. */
class EntryMatcher implements Matcher {
  readonly #lwp: number;
  readonly #depth: number;
  readonly #flags: SiteFlags;
  #entered = false;

  constructor(lwp: number, depth: number, flags: SiteFlags) {
    this.#lwp = lwp;
    this.#depth = depth;
    this.#flags = flags;
  }

  match(s: Statement): number {
    if (s.lwp !== this.#lwp || s.depth !== this.#depth) return -1;
    const flags = this.#flags.of(s.site);
    if ((flags & ENTRY) !== 0) this.#entered = true;
    if (!this.#entered || (flags & STOPPABLE) === 0) return -1;
    this.#entered = false;
    return s.icount;
  }
}

class SwitchMatcher implements Matcher {
  #lwp: number;
  readonly #start: Start;

  constructor(start: Start) {
    this.#start = start;
    this.#lwp = -1;
  }

  match(s: Statement): number {
    const last = this.#lwp;
    this.#lwp = s.lwp;
    if (s.icount === this.#start.icount) return -1;
    if (last === -1)
      return s.icount > this.#start.icount && s.lwp !== this.#start.lwp ? s.icount : -1;
    return s.lwp !== last ? s.icount : -1;
  }
}

/** The statement before which a scheduling point was passed. */
class PointMatcher implements Matcher {
  readonly #start: Start;
  #points = -1;

  constructor(start: Start) {
    this.#start = start;
  }

  match(s: Statement): number {
    const last =
      this.#points < 0 && s.icount > this.#start.icount ? this.#start.points : this.#points;
    this.#points = s.points;
    if (s.icount === this.#start.icount || last < 0) return -1;
    return s.points > last ? s.icount : -1;
  }
}

/** The statement after which an event of a kind was noted; that is where one stands before it. */
class EventMatcher implements Matcher {
  readonly #kind: string;
  readonly #start: Start;
  readonly #ring: Ring;
  #written: number;
  #last = -1;

  constructor(kind: string, start: Start, ring: Ring) {
    this.#kind = kind;
    this.#start = start;
    this.#ring = ring;
    this.#written = ring.written;
  }

  match(s: Statement): number {
    const from = this.#written;
    const before = this.#last;
    this.#written = this.#ring.written;
    this.#last = s.icount;
    if (from === this.#written || !this.#isAmong(from, this.#written)) return -1;
    return s.icount > this.#start.icount ? s.icount : before;
  }

  #isAmong(from: number, to: number): boolean {
    const { capacity, words } = this.#ring;
    for (let i = Math.max(from, to - capacity); i < to; i++) {
      const kind = words[(i & (capacity - 1)) * RECORD_WORDS + 2] & 0xff;
      const name = EVENT_NAMES[kind] ?? '';
      if (this.#kind === '' || name === this.#kind || name.startsWith(`${this.#kind}:`))
        return true;
    }
    return false;
  }
}

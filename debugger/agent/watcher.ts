/**
 * Looks at statements while an order needs it: notes them, and tells which ends the order.
 */

import { current, hooks, type Watcher } from '../../kernel/index.ts';
import type { History } from './history.ts';
import { currentDepth, type Matcher, type Statement } from './rules.ts';
import { BREAKPOINT, type SiteFlags } from './siteflags.ts';

/** What the watcher tells of. */
export interface Watching {
  /** A statement that has a breakpoint. */
  atBreakpoint(site: number): void;
  /** The order's rule is met. */
  matched(icount: number): void;
  /** A statement from which on things count; also where something else is compared. */
  each(icount: number): void;
  /** Whether something is compared at every statement. */
  compares(): boolean;
}

export class StatementWatcher implements Watcher {
  readonly #flags: SiteFlags;
  readonly #history: History;
  readonly #watching: Watching;
  readonly #statement: Statement = { icount: 0, lwp: 0, depth: 0, site: 0, points: 0 };
  /** Before this icount statements are noted, and no more. */
  activeFrom = 0;
  matcher: Matcher | null = null;

  constructor(flags: SiteFlags, history: History, watching: Watching) {
    this.#flags = flags;
    this.#history = history;
    this.#watching = watching;
  }

  statement(site: number): void {
    const l = current.lwp;
    const s = this.#statement;
    s.icount = hooks.icount;
    s.lwp = l === null ? 0 : l.id;
    s.depth = currentDepth();
    s.site = site;
    s.points = hooks.points;
    this.#history.note(s);
    if ((this.#flags.of(site) & BREAKPOINT) !== 0) this.#watching.atBreakpoint(site);
    if (s.icount < this.activeFrom) return;
    this.#watching.each(s.icount);
    if (this.matcher === null) return;
    const found = this.matcher.match(s);
    if (found >= 0) this.#watching.matched(found);
  }
}

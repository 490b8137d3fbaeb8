/**
 * Where a run goes round and round: the last statements before its budget is spent, by LWP and
 * site. So a `timeout` names the loops: livelocks, spinning for what never comes, starvation.
 *
 *   the budget of 200000 statements is spent: LWP 2 (left) and LWP 3 (right) go round the loop at
 *   polite.ts:14 (pass), 250 times each in the last 20000 statements; LWP 4 (out) could run and
 *   never did
 *
 * It looks at every statement for a last while only (World.lookStop), which costs nothing before
 * and changes no schedule.
 */

import { hooks } from '../../hooks.ts';
import { type Lwp, LSRUN } from '../../kern/lwp.ts';
import { siteTable } from '../../sites.ts';
import { current } from '../current.ts';
import type { Report, ReportSide } from '../report.ts';
import type { Variable } from '../variable.ts';
import type { World } from '../world.ts';
import { callSites } from './calls.ts';
import { variableText } from './describe.ts';
import { placeKey, placeText } from './places.ts';

/** Statements that are looked at, or a quarter of a small budget. */
const LOOK_MAX = 20_000;
/** Variables that are named of what an LWP reads. */
const READS_MAX = 4;

/** The icount from which on a run with this budget is looked at. */
export function lookFrom(budget: number): number {
  return budget - Math.min(LOOK_MAX, Math.floor(budget / 4));
}

interface Visits {
  times: number;
  /** The least calls active there. */
  depth: number;
}

/** What one LWP did in the last while. */
interface Round {
  readonly lwp: Lwp;
  readonly sites: Map<number, Visits>;
  readonly reads: Set<Variable>;
  site: number;
  callSites: readonly number[];
}

/** A loop in which LWPs were. */
interface Turning {
  readonly site: number;
  readonly times: number;
}

export class LoopLog {
  readonly #rounds = new Map<Lwp, Round>();
  #statements = 0;

  /** The running LWP is about to run the statement at `site`. */
  note(site: number): void {
    const l = current.lwp;
    this.#statements++;
    if (l === null) return;
    const round = this.#round(l);
    round.site = site;
    const depth = hooks.fp + hooks.pd;
    const visits = round.sites.get(site);
    if (visits === undefined) round.sites.set(site, { times: 1, depth });
    else {
      visits.times++;
      if (depth < visits.depth) visits.depth = depth;
    }
  }

  /** The running LWP reads `v`. */
  read(v: Variable): void {
    if (current.lwp === null) return;
    const { reads } = this.#round(current.lwp);
    reads.delete(v);
    reads.add(v);
  }

  #round(l: Lwp): Round {
    let round = this.#rounds.get(l);
    if (round === undefined) {
      round = { lwp: l, sites: new Map(), reads: new Set(), site: 0, callSites: [] };
      this.#rounds.set(l, round);
    }
    return round;
  }

  /** The finding; undefined when no LWP is in a loop. */
  report(w: World): Report | undefined {
    const turning = [...this.#rounds.values()]
      .map((round) => ({ round, loop: outermostLoop(round) }))
      .filter((each): each is { round: Round; loop: Turning } => each.loop !== undefined);
    if (turning.length === 0) return undefined;
    const running = this.#rounds.get(current.lwp as Lwp);
    if (running !== undefined) running.callSites = callSites();
    const starved = w.lwps.filter(
      (l): l is Lwp => l !== null && l.stat === LSRUN && !this.#rounds.has(l),
    );
    turning.sort((a, b) => a.round.lwp.id - b.round.lwp.id);
    const sites = [...new Set(turning.map(({ loop }) => loop.site))];
    const loops = sites.map((site) => loopText(turning.filter(({ loop }) => loop.site === site)));
    const [one] = turning;
    return {
      verdict: 'timeout',
      detector: 'livelock',
      message: [`${loops.join('; ')} in the last ${this.#statements} statements`]
        .concat(starved.map((l) => `${nameOfLwp(l)} could run and never did`))
        .join('; '),
      sides: turning.map(({ round, loop }) => sideOf(round, loop)),
      objectType: '',
      object: '',
      explanation: turning.flatMap(({ round }) => readsText(w, round)),
      signature: `livelock ${placeKey(one.loop.site)} ${sites.map(placeKey).sort().join(' ')}`,
    };
  }
}

/** The loop that an LWP was in with the fewest calls active, and of those the one around others. */
function outermostLoop({ sites }: Round): Turning | undefined {
  let best: { site: number; visits: Visits } | undefined;
  for (const [site, visits] of sites) {
    if (visits.times < 2 || siteTable.position(site)?.kind !== 'l') continue;
    const less =
      best === undefined ||
      visits.depth < best.visits.depth ||
      (visits.depth === best.visits.depth && visits.times < best.visits.times);
    if (less) best = { site, visits };
  }
  return best === undefined ? undefined : { site: best.site, times: best.visits.times };
}

function loopText(turning: readonly { round: Round; loop: Turning }[]): string {
  const who = turning.map(({ round }) => nameOfLwp(round.lwp));
  const times = turning.map(({ loop }) => String(loop.times));
  const place = placeText(turning[0].loop.site);
  return who.length === 1
    ? `${who[0]} goes round the loop at ${place}, ${times[0]} times`
    : `${listed(who)} go round the loop at ${place}, ${listed(times)} times`;
}

function nameOfLwp(l: Lwp): string {
  return `LWP ${l.id} (${l.name})`;
}

function listed(texts: readonly string[]): string {
  const last = texts[texts.length - 1];
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`;
}

function readsText(w: World, { lwp, reads }: Round): readonly string[] {
  if (reads.size === 0) return [];
  const last = [...reads].slice(-READS_MAX).map((v) => variableText(w, v));
  return [`${nameOfLwp(lwp)} reads ${listed(last)}.`];
}

function sideOf(round: Round, loop: Turning): ReportSide {
  const { lwp } = round;
  return {
    lwp: lwp.id,
    lwpName: lwp.name,
    cpu: lwp.cpu.index,
    site: loop.site,
    icount: hooks.icount,
    does: 'call',
    callSites: round.callSites,
    held: lwp.held.map(({ name }) => name),
  };
}

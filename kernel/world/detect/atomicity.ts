/**
 * Regions that are not atomic: what a region of atomic_begin() and atomic_end() read and wrote is
 * not what it could have, had it run alone. Conflict serialisability, as in Velodrome (Flanagan,
 * Freund and Yi, PLDI 2008), for the regions that the program marks.
 *
 * After a region has touched a variable, an LWP whose access conflicts with that comes after the
 * region, and so does all that it does from then on, and whoever conflicts with that. If the region
 * then touches something in conflict with any of it, it also comes after them: no order of whole
 * regions gives this run. R-W-R, W-W-R, R-W-W and W-R-W (AVIO) on one variable are the short cases.
 * What another LWP did in a region of its own belongs together.
 *
 * A region is declared, so one that is not atomic ends the run, as verdict `invariant`. Locks say
 * nothing here: two critical sections in one region are as bad as none.
 */

import { hooks } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import { current } from '../current.ts';
import { QuietMonitor } from '../monitor.ts';
import { conclude, unwindWorld } from '../outcome.ts';
import type { ReportSide } from '../report.ts';
import type { Variable } from '../variable.ts';
import type { World } from '../world.ts';
import { callSites } from './calls.ts';
import { typeOf, variableText } from './describe.ts';
import type { AtomicRegion } from './intent.ts';
import { placeKey, placeText } from './places.ts';

/** The first read and the first write of a variable. */
interface Touched {
  read: ReportSide | null;
  write: ReportSide | null;
}

type Touches = Map<Variable, Touched>;

interface Open {
  readonly region: AtomicRegion;
  readonly lwp: Lwp;
  /** What the region did, and what comes after it. */
  readonly own: Touches;
  readonly after: Touches;
  readonly lwpsAfter: Set<Lwp>;
}

export class AtomicityDetector extends QuietMonitor {
  #w: World | null = null;
  readonly #open: Open[] = [];

  override begin(w: World): void {
    this.#w = w;
    this.#open.length = 0;
  }

  override regionBegins(l: Lwp, region: AtomicRegion): void {
    const open = { region, lwp: l, own: new Map(), after: new Map(), lwpsAfter: new Set<Lwp>() };
    this.#open.push(open);
  }

  override regionEnds(_l: Lwp, region: AtomicRegion): void {
    const at = this.#open.findIndex((open) => open.region === region);
    if (at >= 0) this.#open.splice(at, 1);
  }

  override read(v: Variable, site: number): void {
    if (this.#open.length > 0) this.#access(v, site, 'read');
  }

  override write(v: Variable, site: number): void {
    if (this.#open.length > 0) this.#access(v, site, 'write');
  }

  #access(v: Variable, site: number, does: 'read' | 'write'): void {
    const l = current.lwp;
    if (l === null || hooks.accesses.marked !== 0) return;
    for (const open of this.#open) {
      if (open.lwp !== l) this.#byOther(open, l, v, site, does);
      else {
        const other = conflict(open.after.get(v), does);
        if (other !== null) this.#report(open, v, other, sideOf(l, site, does));
        note(open.own, v, l, site, does);
      }
    }
  }

  #byOther(open: Open, l: Lwp, v: Variable, site: number, does: 'read' | 'write'): void {
    if (!open.lwpsAfter.has(l)) {
      const comesAfter = conflict(open.own.get(v), does) ?? conflict(open.after.get(v), does);
      if (comesAfter === null) return;
      open.lwpsAfter.add(l);
      for (const other of this.#open) {
        if (other.lwp === l) for (const [w, touched] of other.own) merge(open.after, w, touched);
      }
    }
    note(open.after, v, l, site, does);
  }

  #report(open: Open, v: Variable, other: ReportSide, now: ReportSide): void {
    const w = this.#w;
    if (w === null) return;
    const first = open.own.get(v);
    const sides = [first?.write ?? first?.read, other, now].filter((side) => side != null);
    const object = variableText(w, v);
    const who = (side: ReportSide) => `LWP ${side.lwp} (${side.lwpName})`;
    const past = other.does === 'write' ? 'wrote' : 'read';
    const message = `the region '${open.region.name}' of ${who(now)} is not atomic: ${who(
      other,
    )} ${past} ${object} at ${placeText(other.site)} in the middle of it, before it ${
      now.does === 'write' ? 'writes' : 'reads'
    } that at ${placeText(now.site)}`;
    w.reports.push({
      verdict: 'invariant',
      detector: 'atomicity',
      message,
      sides,
      objectType: typeOf(v.object),
      object,
      explanation: ['No order in which the region runs alone gives the same reads and writes.'],
      signature: `atomicity ${open.region.name} ${placeKey(other.site)} ${placeKey(now.site)}`,
    });
    conclude(w, 'invariant', message, open.lwp, { site: now.site });
    unwindWorld();
  }
}

/** What an access would conflict with. */
function conflict(touched: Touched | undefined, does: 'read' | 'write'): ReportSide | null {
  if (touched === undefined) return null;
  return does === 'write' ? (touched.write ?? touched.read) : touched.write;
}

function note(into: Touches, v: Variable, l: Lwp, site: number, does: 'read' | 'write'): void {
  let touched = into.get(v);
  if (touched === undefined) {
    touched = { read: null, write: null };
    into.set(v, touched);
  }
  touched[does] ??= sideOf(l, site, does);
}

function merge(into: Touches, v: Variable, from: Touched): void {
  const touched = into.get(v) ?? { read: null, write: null };
  touched.read ??= from.read;
  touched.write ??= from.write;
  into.set(v, touched);
}

function sideOf(l: Lwp, site: number, does: 'read' | 'write'): ReportSide {
  return {
    lwp: l.id,
    lwpName: l.name,
    cpu: l.cpu.index,
    site,
    icount: hooks.icount,
    does,
    callSites: callSites(),
    held: l.held.map(({ name }) => name),
  };
}

/**
 * Who freed an object: the other side of a use after free and of a double free.
 *
 * kmem(9) and pool(9) note it with `lockdebug` on; what was freed and is referred to by nobody any
 * more is forgotten with it.
 */

import { hooks } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import type { Verdict } from '../../verdict.ts';
import { current } from '../current.ts';
import type { ReportSide } from '../report.ts';
import type { World } from '../world.ts';
import { callSites, stepTexts } from './calls.ts';
import { objectText, typeOf } from './describe.ts';
import { placeKey } from './places.ts';

/** Notes that the running LWP frees an object. */
export function noteFreed(w: World, object: object): void {
  if (current.lwp === null) return;
  w.freed ??= new WeakMap();
  w.freed.set(object, sideOf(current.lwp, 'free'));
}

/** `at file:line (icount 812, by LWP 3 (closer))`; undefined for what was not freed. */
export function freedText(w: World, object: object): string | undefined {
  const side = w.freed?.get(object);
  if (side === undefined) return undefined;
  const by = `by LWP ${side.lwp} (${side.lwpName})`;
  const line = stepTexts(w, [side.icount]).get(side.icount) ?? placeOf(side.site);
  return line === ''
    ? `at icount ${side.icount} (${by})`
    : `at ${line} (icount ${side.icount}, ${by})`;
}

/** Reports what the running LWP does to an object that was freed, with both sides. */
export function reportFreed(
  w: World,
  object: object,
  name: string,
  finding: { verdict: Verdict; message: string; does: 'read' | 'write' | 'free' },
): void {
  const first = w.freed?.get(object);
  if (first === undefined || current.lwp === null) return;
  const { verdict, message, does } = finding;
  w.reports.push({
    verdict,
    detector: 'memory',
    message,
    sides: [first, sideOf(current.lwp, does)],
    objectType: name === '' ? typeOf(object) : name,
    object: objectText(w, object),
    explanation: [],
    signature: `${verdict} ${does} ${name}`,
  });
}

function placeOf(site: number): string {
  return site === 0 ? '' : placeKey(site);
}

function sideOf(l: Lwp, does: ReportSide['does']): ReportSide {
  const sites = callSites();
  return {
    lwp: l.id,
    lwpName: l.name,
    cpu: l.cpu.index,
    site: sites[0] ?? 0,
    icount: hooks.icount,
    does,
    callSites: sites,
    held: l.held.map(({ name }) => name),
  };
}

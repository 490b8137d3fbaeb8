/**
 * Where the running LWP stands, for findings about calls: locks taken, memory given back.
 *
 * Call sites are known at once, and say from where the innermost function that may sleep was called.
 * The line itself is known where a run can be repeated to look (Observer.callers).
 */

import { hooks } from '../../hooks.ts';
import type { World } from '../world.ts';
import { placeText } from './places.ts';

/** Call sites outwards from the innermost generator. */
export function callSites(): readonly number[] {
  const sites: number[] = [];
  for (let i = hooks.fp - 1; i > 0; i--) sites.push(hooks.sites[i]);
  return sites;
}

/** Lines at these icounts, `file:line`, where they can be had. */
export function stepTexts(w: World, icounts: readonly number[]): ReadonlyMap<number, string> {
  return w.observer.callers?.(icounts) ?? new Map<number, string>();
}

/** ` at file:line`, ` in what was called at …`, or nothing where neither is known. */
export function stepText(
  places: ReadonlyMap<number, string>,
  step: { readonly icount: number; readonly callSites: readonly number[] },
): string {
  const line = places.get(step.icount);
  if (line !== undefined && line !== '') return ` at ${line}`;
  const site = step.callSites[0];
  return site === undefined || site === 0 ? '' : ` (called at ${placeText(site)})`;
}

/**
 * Invariants: what must hold whenever another LWP may look.
 *
 * Example  invariant('nothing is lost', () => a.balance + b.balance === 100);
 *
 * Checked whenever an LWP gives up or loses its CPU, and at the end of the run. The check is not
 * counted, is no access, and must change nothing. One that fails ends the run with verdict
 * `invariant`; it is part of the program, and needs no detector.
 */

import { hooks } from '../../hooks.ts';
import type { Lwp } from '../../kern/lwp.ts';
import { curworld } from '../current.ts';
import { conclude, thrownText } from '../outcome.ts';
import type { World } from '../world.ts';

export class Invariant {
  name: string;
  holds: () => boolean;

  constructor(name: string, holds: () => boolean) {
    this.name = name;
    this.holds = holds;
  }
}

/** From now on `holds()` is to be true whenever an LWP stops running. */
export function invariant(name: string, holds: () => boolean): Invariant {
  const made = new Invariant(name, holds);
  const w = curworld();
  w.invariants ??= [];
  w.invariants.push(made);
  return made;
}

/** It need not hold any more. */
export function invariantRemove(made: Invariant): void {
  const w = curworld();
  w.invariants = (w.invariants ?? []).filter((other) => other !== made);
}

/** Ends the run if one does not hold after `l` ran. */
export function checkInvariants(w: World, l: Lwp): void {
  if (w.outcome !== null && w.outcome.verdict !== 'passed') return;
  for (const made of w.invariants ?? []) {
    const broken = brokenText(made);
    if (broken === undefined) continue;
    w.outcome = null;
    conclude(w, 'invariant', `${broken} after LWP ${l.id} (${l.name}) ran`, l, { site: l.site });
    return;
  }
}

function brokenText({ name, holds }: Invariant): string | undefined {
  const { accesses } = hooks;
  const { watching, count, stop } = accesses;
  hooks.pause(0, 0);
  accesses.watching = false;
  accesses.stop = -1;
  try {
    return holds() ? undefined : `the invariant '${name}' does not hold`;
  } catch (error) {
    return `the invariant '${name}' cannot be checked: ${thrownText(error)}`;
  } finally {
    hooks.resume();
    accesses.watching = watching;
    accesses.count = count;
    accesses.stop = stop;
  }
}

/**
 * Readying data breakpoints: the image has to be compiled for the names of their fields, and their
 * objects have to be found in it.
 *
 * Both are made by runs that nobody sees: afterwards the target stands where it stood. Numbers of
 * frames and values are those of another process, or of another world, then.
 */

import type { DataNeeds } from '../../agent/data/dataid.ts';
import { parseDataId } from '../../agent/data/dataid.ts';
import { type Breakpoint, type BreakpointRequest, type Stop, TargetError } from '../target.ts';
import { arriveAt, type Runs } from './motions.ts';

export interface Recompiled extends Runs {
  /** Goes on in another process, whose image is compiled for these names besides. */
  recompile(fields: readonly string[], elements: boolean): Promise<void>;
}

/** Whether a text is a data id at all. */
export function isDataId(text: string): boolean {
  try {
    parseDataId(text);
    return true;
  } catch {
    return false;
  }
}

/** The answer for a breakpoint, when data ids cannot be readied. */
export function refusedData(one: Breakpoint, { at }: BreakpointRequest, why: string): Breakpoint {
  return at.kind === 'data' && !one.verified ? { ...one, message: why } : one;
}

/** Readies data ids; true when the target went elsewhere and came back. */
export async function readyData(target: Recompiled, ids: readonly string[]): Promise<boolean> {
  const { here } = target;
  const { fields, elements, unnamed } = await target.ask<DataNeeds>('dataNeeds', ids);
  if (here === null || (fields.length === 0 && !elements && unnamed.length === 0)) return false;
  const isNew = fields.length > 0 || elements;
  if (isNew) await target.recompile(fields, elements);
  let stands = false;
  try {
    // A first run makes tables that later ones find: only those make the same accesses.
    if (isNew) await arriveAt(target, here);
    const wanted = await target.ask<DataNeeds>('dataNeeds', ids);
    for (const group of byMoment(wanted.unnamed, here)) {
      stands = await nameObjects(target, group, here);
    }
  } finally {
    if (!stands) await arriveAt(target, here);
  }
  return true;
}

interface Moment {
  readonly icount: number;
  readonly inside: boolean;
  readonly ids: string[];
}

/** Data ids by the moments at which their trails lead to their objects; the present one is last. */
function byMoment(ids: readonly string[], here: Stop): readonly Moment[] {
  const moments = new Map<string, Moment>();
  for (const id of ids) {
    const { icount, inside } = parseDataId(id);
    const key = `${icount} ${inside}`;
    const moment = moments.get(key) ?? { icount, inside, ids: [] };
    moment.ids.push(id);
    moments.set(key, moment);
  }
  return [...moments.values()].sort((a, b) => Number(isHere(a, here)) - Number(isHere(b, here)));
}

function isHere({ icount, inside }: Moment, here: Stop): boolean {
  return here.icount === icount && here.inside === inside && here.reason !== 'end';
}

/** A run in which objects are named, up to where they are found; true if that is here. */
async function nameObjects(target: Recompiled, moment: Moment, here: Stop): Promise<boolean> {
  const stands = isHere(moment, here);
  const there = { ...here, icount: moment.icount, reason: 'goto', inside: false, outcome: null };
  await target.ask('nameObjects', true);
  try {
    const { icount } = await arriveAt(target, stands ? here : (there as Stop));
    if (icount !== moment.icount) throw new TargetError('the run was stopped on the way');
    await target.ask('dataFound', moment.ids);
  } finally {
    await target.ask('nameObjects', false);
  }
  return stands;
}

/** The first line of a report: class, the two places, the object. */

import type { SideReport } from './types.ts';

/** What a headline is made of. */
export interface HeadlineParts {
  readonly verdict: string;
  readonly message: string;
  readonly object: string;
  readonly sides: readonly SideReport[];
  /** Where a run that does not end spins; '' for others. */
  readonly loop: string;
}

/** Verdicts that say all with their places; others have a sentence of their own. */
const PLACES_ALONE = new Set(['data-race', 'lock-order']);

/** One line. */
export function headlineOf(parts: HeadlineParts): string {
  const { verdict, message, object, sides, loop } = parts;
  const name = verdict.replaceAll('-', ' ');
  if (verdict === 'deadlock') return `${name}: ${cycleText(sides) || message}`;
  if (verdict === 'timeout' && loop !== '') return `${name}: ${loop}`;
  if (verdict === 'lost-wakeup') return `${name}: ${sleepText(sides) || message}`;
  if (sides.length < 2) return `${name}: ${oneLine(message)}`;
  const on = object === '' ? '' : ` on ${object}`;
  const places = `${placeName(sides[0])} / ${placeName(sides[1])}${on}`;
  if (PLACES_ALONE.has(verdict) || message === '') return `${name}: ${places}`;
  return `${name}: ${places}: ${oneLine(message)}`;
}

function oneLine(message: string): string {
  return message.split('\n', 1)[0];
}

function placeName({ place, lwpName }: SideReport): string {
  return place.function === '' ? lwpName : place.function;
}

/** `oldRename waits for vnode b, held by namei, which waits for vnode a`. */
function cycleText(sides: readonly SideReport[]): string {
  const waits = sides.filter(({ does }) => does === 'waits for');
  if (waits.length === 0) return '';
  if (waits.length === 1)
    return `${placeName(waits[0])} waits for ${waits[0].object}, which it holds`;
  const [first, ...rest] = waits;
  const links = rest.map((side) => `held by ${placeName(side)}, which waits for ${side.object}`);
  return `${placeName(first)} waits for ${first.object}, ${links.join(', ')}`;
}

function sleepText(sides: readonly SideReport[]): string {
  const sleeper = sides.find(({ does }) => does === 'sleeps on' || does === 'waits for');
  if (sleeper === undefined) return '';
  const text = `${placeName(sleeper)} ${sleeper.does} ${sleeper.object || 'something'} for ever`;
  const signal = sides.find(({ does }) => does === 'wakes nobody');
  return signal === undefined ? text : `${text}: ${placeName(signal)} had woken nobody`;
}

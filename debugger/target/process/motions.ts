/**
 * Motions as runs.
 *
 *   forwards    one order: on from here, up to what stops it
 *   backwards   a place is looked for among the statements noted just before here; else in a run up
 *               to here, of which only the last stretch is looked at, a longer one each time; then
 *               the run is made again up to that place
 *
 * Interventions (what the user wrote) are repeated on the way: a run stops at each, and goes on.
 */

import type { Intervention, Order, Rule, Where } from '../../agent/protocol.ts';
import { type Motion, type MoveOptions, type Stop, TargetError } from '../target.ts';

/** What motions need of a target. */
export interface Runs {
  /** Where it stood before this motion. */
  readonly here: Stop | null;
  readonly interrupted: boolean;
  order(order: Order): Promise<Where>;
  ask<Answer>(name: string, ...parameters: readonly unknown[]): Promise<Answer>;
  /** Makes a write of the user's again. */
  repeat(intervention: Intervention): Promise<void>;
}

/** Statements looked at by the first search, and how much longer each further one is. */
const FIRST_SEARCH = 1 << 16;
const LONGER = 16;

type Found = Pick<Where, 'found' | 'foundAs' | 'foundLwp'>;

const NOTHING: Found = { found: -1, foundAs: null, foundLwp: -1 };

const QUIET: Order = {
  again: false,
  quietUntil: 0,
  until: null,
  breakpoints: false,
  stop: null,
  find: null,
  start: null,
  only: 0,
  throws: null,
};

/** Counts before the end of a run in which the throw that ended it is looked for, and then all. */
const THROWN_WITHIN = [256, Number.MAX_SAFE_INTEGER];
/** Verdicts that are announced when the frames are gone. */
const THROWN = new Set(['trap', 'program-error']);

/** Carries out a motion; gives the stop. */
export async function moveTo(runs: Runs, motion: Motion, options: MoveOptions): Promise<Stop> {
  const stop = await moved(runs, motion, options);
  const isThrown = stop.reason === 'verdict' && THROWN.has(stop.outcome?.verdict ?? '');
  return isThrown && !runs.interrupted ? atThrow(runs, stop) : stop;
}

/** The same verdict, at the throw that led to it, where its frames are still there. */
async function atThrow(runs: Runs, verdict: Stop): Promise<Stop> {
  for (const within of THROWN_WITHIN) {
    const order = { ...QUIET, quietUntil: Math.max(0, verdict.icount - within) };
    const { culprit, stop: ended } = await again(runs, { ...order, throws: 'collect' });
    // Not the same run again: then that is what is to be said.
    if (ended.outcome?.icount !== verdict.outcome?.icount) return ended;
    if (culprit < 0) continue;
    const { stop } = await again(runs, { ...order, throws: culprit });
    const { reason, description, outcome } = verdict;
    return { ...stop, reason, description, outcome };
  }
  return verdict;
}

/** Where the target stood once, in a new run; what nobody is to see of it. */
export async function arriveAt(runs: Runs, there: Stop): Promise<Stop> {
  const { icount, reason, inside, outcome } = there;
  if (reason !== 'end' && outcome === null) {
    const way = inside ? { breakpoints: true } : { until: icount };
    return (await again(runs, { ...QUIET, quietUntil: icount, ...way })).stop;
  }
  const { stop } = await again(runs, QUIET);
  const isThrown = inside && outcome !== null && THROWN.has(outcome.verdict);
  return isThrown ? atThrow(runs, stop) : stop;
}

async function moved(runs: Runs, motion: Motion, options: MoveOptions): Promise<Stop> {
  switch (motion.kind) {
    case 'start':
      return start(runs, motion);
    case 'continue':
      return forwards(runs, { ...QUIET, breakpoints: true, only: motion.only ?? 0 });
    case 'reverse-continue':
      return reverseContinue(runs, options);
    case 'step':
      return step(runs, motion, options);
    case 'goto':
      return goto(runs, motion.icount);
    case 'scheduling-point':
    case 'switch':
      return either(runs, { kind: motion.kind }, motion.backwards, options);
    case 'event':
      return either(runs, { kind: 'event', event: motion.event }, motion.backwards, options);
    case 'write':
      return write(runs, motion, options);
    case 'restart-frame':
      return restartFrame(runs, motion.frame, options);
  }
}

async function start(runs: Runs, motion: Extract<Motion, { kind: 'start' }>): Promise<Stop> {
  const { stop } =
    motion.boot === undefined
      ? await again(runs, { ...QUIET, stop: { kind: 'main' } })
      : await again(runs, { ...QUIET, until: 1 });
  return stop;
}

/** On from here; from the beginning if hits have to be counted from there. */
async function forwards(runs: Runs, order: Order): Promise<Stop> {
  const here = standing(runs);
  if (here.reason === 'end') return here;
  if (await runs.ask<boolean>('mustCount')) {
    const { stop } = await again(runs, { ...order, quietUntil: here.icount + 1 });
    return stop;
  }
  const { stop } = await through(runs, order);
  return stop;
}

function standing(runs: Runs): Stop {
  if (runs.here === null) throw new TargetError('it has not been started');
  return runs.here;
}

/** A new run. */
function again(runs: Runs, order: Order): Promise<Where> {
  return through(runs, { ...order, again: true });
}

/** Carries out an order, with the user's writes that are on its way. */
async function through(runs: Runs, order: Order): Promise<Where> {
  const writes = await runs.ask<Intervention[]>('interventions');
  const from = order.again ? -1 : (runs.here?.icount ?? -1);
  const end = order.until ?? Number.POSITIVE_INFINITY;
  const due = writes.filter(({ icount }) => icount > from && icount <= end);
  let next = order;
  let last: Found = NOTHING;
  for (const icount of new Set(due.map((write) => write.icount))) {
    const stopped = await runs.order({ ...next, until: icount });
    next = { ...order, again: false };
    if (stopped.found >= 0) last = stopped;
    if (stopped.stop.icount !== icount || stopped.stop.reason !== 'goto')
      return withFound(stopped, last);
    for (const write of due) if (write.icount === icount) await runs.repeat(write);
    if (icount === end) return withFound(stopped, last);
  }
  return withFound(await runs.order(next), last);
}

/** What an earlier part of a run found, if a later one found nothing. */
function withFound(where: Where, { found, foundAs, foundLwp }: Found): Where {
  return where.found >= 0 ? where : { ...where, found, foundAs, foundLwp };
}

async function goto(runs: Runs, icount: number): Promise<Stop> {
  const here = standing(runs);
  if (typeof icount !== 'number' || Number.isNaN(icount)) {
    throw new TargetError(`${icount} is no icount`);
  }
  const wanted = Math.max(1, Math.floor(icount));
  if (wanted === here.icount && !here.inside && here.reason !== 'end') return here;
  const { stop } = await to(runs, wanted);
  return stop;
}

/** The statement of an icount, by the shorter way. */
function to(runs: Runs, icount: number): Promise<Where> {
  const here = standing(runs);
  const order = { ...QUIET, until: icount, quietUntil: icount };
  const ahead = icount > here.icount && here.reason !== 'end' && here.outcome === null;
  return ahead ? through(runs, order) : again(runs, order);
}

async function step(
  runs: Runs,
  motion: Extract<Motion, { kind: 'step' }>,
  options: MoveOptions,
): Promise<Stop> {
  const { how, lwp, target = '', only = false } = motion;
  const granularity = motion.granularity ?? 'statement';
  if (how === 'over' || how === 'in' || how === 'out') {
    const rule: Rule = { kind: 'step', how, lwp, granularity, target };
    return forwards(runs, { ...QUIET, breakpoints: true, stop: rule, only: only ? lwp : 0 });
  }
  return back(runs, { kind: 'back', how, lwp, granularity }, options);
}

function either(runs: Runs, rule: Rule, backwards: boolean, options: MoveOptions): Promise<Stop> {
  return backwards ? back(runs, rule, options) : forwards(runs, { ...QUIET, stop: rule });
}

/** To the next write, or before the last one, which is found in one run. */
async function write(
  runs: Runs,
  { backwards, dataId }: Extract<Motion, { kind: 'write' }>,
  options: MoveOptions,
): Promise<Stop> {
  const rule: Rule = { kind: 'data', dataId };
  return backwards ? lastMet(runs, rule, options) : forwards(runs, { ...QUIET, stop: rule });
}

async function restartFrame(runs: Runs, frame: number, options: MoveOptions): Promise<Stop> {
  const { lwp, depth } = await runs.ask<{ lwp: number; depth: number }>('frame', frame);
  return back(runs, { kind: 'entry', lwp, depth }, options);
}

/** To the last moment before here at which a rule is met; to the beginning if there is none. */
async function back(runs: Runs, rule: Rule, options: MoveOptions): Promise<Stop> {
  const here = standing(runs);
  const near = here.reason === 'end' ? -1 : await runs.ask<number>('findBack', rule);
  if (near >= 0) return stepped(await to(runs, near), 'step');
  const { found } = await search(runs, rule, here, options, FIRST_SEARCH);
  if (runs.interrupted) return returned(runs, here);
  return found < 0 ? beginning(runs) : stepped(await to(runs, found), 'step');
}

/** The last match before `here`, by runs that look at ever longer stretches; -1 for none. */
async function search(
  runs: Runs,
  rule: Rule,
  here: Stop,
  options: MoveOptions,
  first: number,
): Promise<Found> {
  const start = await runs.ask<Order['start']>('startOf', rule);
  for (let length = first; ; length *= LONGER) {
    const from = Math.max(0, here.icount - length);
    options.progress?.(0, `looking at the last ${here.icount - from} statements`);
    const where = await again(runs, {
      ...QUIET,
      quietUntil: from,
      until: here.icount,
      breakpoints: rule.kind === 'breakpoints',
      find: rule,
      start,
    });
    if (runs.interrupted) return NOTHING;
    if (where.found >= 0 || from === 0) return where;
  }
}

function reverseContinue(runs: Runs, options: MoveOptions): Promise<Stop> {
  return lastMet(runs, { kind: 'breakpoints' }, options);
}

/** To what was met last before here, by one run over everything. */
async function lastMet(runs: Runs, rule: Rule, options: MoveOptions): Promise<Stop> {
  const here = standing(runs);
  const met = await search(runs, rule, here, options, Number.MAX_SAFE_INTEGER);
  if (runs.interrupted) return returned(runs, here);
  if (met.found < 0) return beginning(runs);
  const { stop } = await statementOf(runs, await to(runs, met.found), met.foundLwp);
  return { ...stop, ...met.foundAs };
}

/** The statement of an LWP that others came into after it was counted. */
async function statementOf(runs: Runs, where: Where, lwp: number): Promise<Where> {
  if (lwp < 0 || where.stop.lwp === lwp) return where;
  const rule: Rule = { kind: 'back', how: 'back-in', lwp, granularity: 'statement' };
  const near = await runs.ask<number>('findBack', rule);
  const order = { ...QUIET, until: near, quietUntil: near };
  return near < 0 ? where : again(runs, order);
}

async function beginning(runs: Runs): Promise<Stop> {
  const { stop } = await again(runs, { ...QUIET, stop: { kind: 'main' } });
  return { ...stop, reason: 'start', description: 'the beginning of the program' };
}

/** An interrupted motion ends where it began. */
async function returned(runs: Runs, here: Stop): Promise<Stop> {
  const where = await again(runs, { ...QUIET, quietUntil: here.icount, until: here.icount });
  return { ...where.stop, reason: 'pause' };
}

function stepped({ stop }: Where, reason: Stop['reason']): Stop {
  return stop.reason === 'goto' ? { ...stop, reason } : stop;
}

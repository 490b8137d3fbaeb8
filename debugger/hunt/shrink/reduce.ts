/**
 * Taking away from a failing schedule: directives (ddmin.ts), then all of one LWP, then pairs and
 * detours; and LWPs that need not run before the failure are held back.
 *
 * A schedule is better than another when it has fewer preemptions and choices, else fewer
 * directives, else when it fails earlier.
 */

import { ddmin } from './ddmin.ts';
import { isSwitch, type Step } from './moments.ts';
import type { Trial, Trials } from './trial.ts';

/** Directives up to which every pair of them is tried. */
const PAIRS_MAX = 8;

/** Whether `a` is better than `b`. */
export function isBetter(a: Trial, b: Trial): boolean {
  const costs = (t: Trial) => [t.preemptions + t.choices, t.steps.length, t.outcome.icount];
  const [as, bs] = [costs(a), costs(b)];
  const i = as.findIndex((cost, n) => cost !== bs[n]);
  return i >= 0 && as[i] < bs[i];
}

/** The best schedule that taking away leads to. `failing` fails. */
export async function reduce(trials: Trials, failing: Trial): Promise<Trial> {
  let best = failing;
  const test = async (steps: readonly Step[]) => {
    const trial = await trials.fails(steps);
    if (trial === null) return null;
    if (isBetter(trial, best)) best = trial;
    return trial.steps;
  };
  const none = await trials.fails([]);
  if (none !== null) return none;
  await ddmin(failing.steps, test);
  for (let before: Trial | null = null; before !== best; ) {
    before = best;
    for (const fewer of withoutSomething(best.steps)) {
      const trial = await trials.fails(fewer);
      if (trial === null || !isBetter(trial, best)) continue;
      best = trial;
      break;
    }
  }
  return best;
}

/** Schedules with less in them than `steps`. */
function withoutSomething(steps: readonly Step[]): Step[][] {
  const without = (...gone: readonly Step[]) => steps.filter((step) => !gone.includes(step));
  const fewer: Step[][] = [];
  const lwps = new Set(steps.flatMap(({ lwp, answer }) => [lwp, answer]));
  for (const lwp of lwps) {
    fewer.push(without(...steps.filter((s) => s.lwp === lwp || (isSwitch(s) && s.answer === lwp))));
  }
  // There and back again: what was done in between is done in a later turn, or in an earlier one.
  for (let i = 0; i + 1 < steps.length; i++) fewer.push(without(steps[i], steps[i + 1]));
  fewer.push(...withoutDetours(steps));
  if (steps.length <= PAIRS_MAX) {
    steps.forEach((one, i) => {
      for (const two of steps.slice(i + 2)) fewer.push(without(one, two));
    });
  }
  for (const one of steps) fewer.push(without(one));
  return fewer.filter((list) => list.length < steps.length);
}

/** From A to B and on to C becomes from A to C. */
function withoutDetours(steps: readonly Step[]): Step[][] {
  const fewer: Step[][] = [];
  steps.forEach((step, i) => {
    const later = steps.slice(i + 1).find((other) => other.lwp === step.answer);
    if (later === undefined || !isSwitch(step) || !isSwitch(later)) return;
    if (later.answer === step.lwp) return;
    const direct = { ...step, answer: later.answer };
    fewer.push(steps.flatMap((s) => (s === later ? [] : s === step ? [direct] : [s])));
  });
  return fewer;
}

/** Holds back one LWP after another, where that makes nothing worse. `lwps` are candidates for it. */
export async function holdBack(
  trials: Trials,
  failing: Trial,
  lwps: readonly number[],
): Promise<Trial> {
  let best = failing;
  const held = new Set<number>();
  for (const lwp of lwps) {
    const trial = await trials.fails(best.steps, { held: new Set([...held, lwp]) });
    if (trial === null || !isBetter(trial, best)) continue;
    best = trial;
    held.add(lwp);
  }
  return best;
}

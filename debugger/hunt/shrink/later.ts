/**
 * Moving switches later: every preemption to the last moment of its LWP at which the run still
 * fails, which is right before the operation that matters.
 *
 * The last one first. From its place on, moments at double distances are tried until the run passes,
 * and then those between, so that the next later moment is one at which it passes.
 */

import { Moments, sameMoment, type Step } from './moments.ts';
import type { Trial, Trials } from './trial.ts';

/** Times that all switches are gone through: moving one may set another free. */
const ROUNDS = 2;

export async function moveLater(trials: Trials, failing: Trial): Promise<Trial> {
  let best = failing;
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    for (let i = best.steps.length - 1; i >= 0; i--) {
      if (i < best.steps.length) best = await moveOne(trials, best, i);
    }
    if (best === before) break;
  }
  return best;
}

/** Moves the switch steps[i]. */
export async function moveOne(trials: Trials, failing: Trial, i: number): Promise<Trial> {
  const places = await placesFor(trials, failing.steps, failing.steps[i]);
  if (places.length < 2) return failing;
  let best = failing;
  const tryAt = async (n: number): Promise<boolean> => {
    const steps = failing.steps.map((step, j) => (j === i ? places[n] : step));
    const trial = await trials.fails(steps);
    if (trial === null || isWorse(trial, failing)) return false;
    best = trial;
    return true;
  };
  let low = 0;
  let high = places.length;
  for (let stride = 1; low + stride < high; stride *= 2) {
    if (await tryAt(low + stride)) low += stride;
    else high = low + stride;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await tryAt(middle)) low = middle;
    else high = middle;
  }
  return best;
}

function isWorse(a: Trial, b: Trial): boolean {
  return a.preemptions + a.choices > b.preemptions + b.choices || a.steps.length > b.steps.length;
}

/**
 * The moments to which a switch can be put, from its own on: those of its LWP, when it is not made
 * to give way there, at which the other can run.
 */
export async function placesFor(
  trials: Trials,
  steps: readonly Step[],
  step: Step,
): Promise<Step[]> {
  if (!trials.left) return [];
  const moments = new Moments(step.lwp);
  await trials.run(
    steps.filter((other) => other !== step),
    { questioned: moments },
  );
  const from = moments.list.findIndex((moment) => sameMoment(moment, step));
  if (from < 0 || !moments.list[from].mayGoOn) return [];
  return moments.list
    .slice(from)
    .filter(({ mayGoOn, candidates }) => mayGoOn && candidates.includes(step.answer))
    .map(({ kind, at }) => ({ ...step, kind, at }));
}

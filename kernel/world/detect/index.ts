/**
 * Detectors: what LWPs do to each other that they should not. Each is a Monitor, one a file.
 *
 *   race        two unordered accesses to one variable, one of them a write
 *   lock-order  a deadlock that this run did not have, and another may
 *   atomicity   a region that the program marked, in the middle of which others came
 *   traps       what JavaScript hides: outside of typed arrays, more than 32 bits; on request
 *
 * Loops of a spent budget (loops.ts), who freed what (freed.ts) and invariants need no detector.
 *
 * Example  const monitor = detectors(['race'], { ends: true }); new World({ …, monitor });
 *
 * A monitor may watch one world after another, not two at a time. What it found is in the world's
 * `reports`; texts of a report are made when they are read, so who keeps one takes plainReport().
 * One detector is its own monitor, so that a call of it is direct; several are behind a Several.
 */

import type { Monitor } from '../monitor.ts';
import { AtomicityDetector } from './atomicity.ts';
import { LockOrderDetector } from './lock-order.ts';
import type { DetectorOptions } from './options.ts';
import { RaceDetector } from './race.ts';
import { Several } from './several.ts';
import { TrapsDetector } from './traps.ts';

export * from './intent.ts';
export { Invariant, invariant, invariantRemove } from './invariant.ts';
export {
  invoked,
  linearizable,
  newHistory,
  Operation,
  OperationHistory,
  responded,
  type SequentialModel,
} from './linearizable.ts';
export * from './options.ts';
export { placeKey, placeText } from './places.ts';

/** Their names, in the order in which they hear of what happens. */
export const DETECTORS = ['race', 'lock-order', 'atomicity', 'traps'] as const;
export type DetectorName = (typeof DETECTORS)[number];

/** Whether a text is the name of a detector. */
export function isDetector(name: string): name is DetectorName {
  return (DETECTORS as readonly string[]).includes(name);
}

const MAKERS: Readonly<Record<DetectorName, (options: DetectorOptions) => Monitor>> = {
  race: (options) => new RaceDetector(options),
  'lock-order': (options) => new LockOrderDetector(options),
  atomicity: () => new AtomicityDetector(),
  traps: (options) => new TrapsDetector(options),
};

/** The detectors of these names as one monitor; null for none. */
export function detectors(
  names: readonly DetectorName[],
  options: DetectorOptions = {},
): Monitor | null {
  const made = DETECTORS.filter((name) => names.includes(name)).map((name) =>
    MAKERS[name](options),
  );
  if (made.length === 0) return null;
  return made.length === 1 ? made[0] : new Several(made);
}

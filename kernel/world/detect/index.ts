/**
 * Detectors: what LWPs do to each other that they should not. Each is a Monitor, one a file.
 *
 *   race   two unordered accesses to one variable, one of them a write
 *
 * Example  const monitor = detectors(['race'], { ends: true }); new World({ …, monitor });
 *
 * A monitor may watch one world after another, not two at a time. What it found is in the world's
 * `reports`; texts of a report are made when they are read, so who keeps one takes plainReport().
 */

import type { Monitor } from '../monitor.ts';
import type { DetectorOptions } from './options.ts';
import { RaceDetector } from './race.ts';

export * from './options.ts';
export { placeKey, placeText } from './places.ts';

/** Their names, in the order in which they hear of what happens. */
export const DETECTORS = ['race'] as const;
export type DetectorName = (typeof DETECTORS)[number];

/** Whether a text is the name of a detector. */
export function isDetector(name: string): name is DetectorName {
  return (DETECTORS as readonly string[]).includes(name);
}

const MAKERS: Readonly<Record<DetectorName, (options: DetectorOptions) => Monitor>> = {
  race: (options) => new RaceDetector(options),
};

/** The detectors of these names as one monitor; null for none. */
export function detectors(
  names: readonly DetectorName[],
  options: DetectorOptions = {},
): Monitor | null {
  const wanted = DETECTORS.filter((name) => names.includes(name));
  if (wanted.length === 0) return null;
  return MAKERS[wanted[0]](options);
}

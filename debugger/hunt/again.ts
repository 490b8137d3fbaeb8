/**
 * What a hunt found, once more: its schedule is followed, by itself, with whatever the caller wants
 * to watch. A failure ends it as before; what detectors only noted ends it now.
 */

import { ReplayStrategy } from '../../kernel/index.ts';
import type { ExecuteOptions } from '../run/execute.ts';
import type { RunSpec } from '../run/spec.ts';
import type { Found } from './found.ts';

/** The spec of a run that ends with what was found. */
export function specOfFound(spec: RunSpec, { seed, signature, reports }: Found): RunSpec {
  const report = reports.find((one) => one.signature === signature);
  if (report === undefined) return { ...spec, seed, detectors: [] };
  return { ...spec, seed, detectors: spec.detectors, ending: signature };
}

/** Options of a run (execute.ts) that follows the schedule. */
export function following(found: Found, options: ExecuteOptions = {}): ExecuteOptions {
  return { ...options, strategy: new ReplayStrategy(found.words) };
}

/** A program in a file of its own under a schedule that a hunt found, for a test. */

import { fileURLToPath } from 'node:url';
import { specOfSchedule } from '../hunt/shrink/head.ts';
import { type LoadedProgram, loadProgram, needsAccesses } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';

/**
 * Loads a program as `rumpus hunt` does, in the image that the schedule is of: vitest's own modules
 * tell no accesses. Throws InputError when there is no such program, or the schedule cannot be read.
 */
export async function loadScheduled(
  file: string | URL,
  schedule: string,
): Promise<{ loaded: LoadedProgram; spec: RunSpec }> {
  const spec = specOfSchedule(schedule);
  const path = typeof file === 'string' ? file : fileURLToPath(file);
  return { loaded: await loadProgram(path, { access: needsAccesses(spec) }), spec };
}

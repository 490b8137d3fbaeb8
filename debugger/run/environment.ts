/** The environment of a process or thread that is to run programs. Loads nothing of the kernel. */

import type { RunSpec } from './spec.ts';

/** Says in the environment which of the two kernels a process, or a thread, is to have. */
export function environmentFor(spec: RunSpec): NodeJS.ProcessEnv {
  return { ...process.env, RUMPUS_ACCESSES: spec.accesses };
}

/** What trace, profile and why look at: a program to run, or a recording to replay. */

import {
  calibrated,
  type ExecuteOptions,
  type Execution,
  execute,
  InputError,
  type LoadedProgram,
  replay,
  type RunSpec,
  specOf,
  needsAccesses,
} from '../debugger/index.ts';
import type { RecordingData } from '../corefiles/index.ts';
import { load } from './load.ts';
import { type RunFlags, specFrom } from './options.ts';
import { isProgramFile, openRecording, type RecordingFlags } from './recording.ts';

export interface TargetFlags extends RunFlags, RecordingFlags {
  readonly adapt?: boolean;
}

export interface Target {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  /** Null for a program. */
  readonly data: RecordingData | null;
  /** Runs it once more: the same run each time. */
  run(options: ExecuteOptions): Execution;
}

/** Opens a program or a recording. */
export async function openTarget(
  file: string,
  args: readonly string[],
  flags: TargetFlags,
): Promise<Target> {
  if (isProgramFile(file)) {
    const told = specFrom(flags, args);
    const loaded = await load(file, { access: needsAccesses(told) });
    const spec = calibrated(loaded, told);
    return { loaded, spec, data: null, run: (options) => execute(loaded, spec, options) };
  }
  const { loaded, data } = await openRecording(file, flags);
  const run = (options: ExecuteOptions) => {
    const { run: ended, divergence } = replay(loaded, data, { ...options, adapt: flags.adapt });
    if (divergence !== null && flags.adapt !== true) {
      throw new InputError(`the replay of ${file} diverged ${divergence}`);
    }
    return ended;
  };
  return { loaded, spec: specOf(data), data, run };
}

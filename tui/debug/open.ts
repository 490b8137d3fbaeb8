/**
 * What is debugged: a program, a recording, or a core.
 *
 * Whose program a recording is, and whether what a file brings may be run, is decided as for every
 * other command (recording.ts).
 */

import { openCore } from '../../corefiles/index.ts';
import {
  InputError,
  openTarget,
  type Rerun,
  type Target,
  wholeNumber,
} from '../../debugger/index.ts';
import { type RunFlags, specFrom } from '../options.ts';
import { isProgramFile, type RecordingFlags, readFileOf, rerunOf } from '../recording.ts';

export interface DebugFlags extends RunFlags, RecordingFlags {
  readonly adapt?: boolean;
  readonly exact?: boolean;
  readonly icount?: string;
}

/** Opens it, and brings it to where debugging begins. */
export async function openDebugged(
  file: string,
  args: readonly string[],
  flags: DebugFlags,
): Promise<Target> {
  const { icount } = flags;
  const wanted =
    icount === undefined ? undefined : wholeNumber('--icount', icount, 1, Number.MAX_SAFE_INTEGER);
  const target = await open(file, args, flags);
  try {
    if (target.kind !== 'core') await target.move({ kind: 'start' });
    if (wanted !== undefined) await target.move({ kind: 'goto', icount: wanted });
    return target;
  } catch (error) {
    await target.close();
    throw error;
  }
}

async function open(file: string, args: readonly string[], flags: DebugFlags): Promise<Target> {
  const { adapt, exact } = flags;
  if (isProgramFile(file)) {
    return openTarget({ kind: 'live', program: file, spec: specFrom(flags, args), exact });
  }
  const read = readFileOf(file);
  const program = programOf(file, read, flags);
  if (openCore(file).graph !== undefined) {
    return openTarget({ kind: 'core', file, rerun: program, adapt, exact });
  }
  if (program instanceof Error) throw program;
  return openTarget({ kind: 'replay', recording: file, program, adapt, exact });
}

/** The program's file; or why a core cannot be run again, which is no reason not to look at it. */
function programOf(
  file: string,
  read: ReturnType<typeof readFileOf>,
  flags: RecordingFlags,
): Rerun | InputError {
  try {
    return rerunOf(file, read, flags);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

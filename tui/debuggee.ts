/**
 * What is to be debugged, opened: the program that a recording or core is of is found as for every
 * other command (recording.ts), and what a file brings is run only when the user trusts it.
 */

import { InputError } from '../debugger/index.ts';
import type { OpenRequest } from '../debugger/dap/index.ts';
import { openTarget, type Rerun, type Target } from '../debugger/target/index.ts';
import { readFileOf, rerunOf } from './recording.ts';

/** Opens a target. Errors: one sentence, as InputError, CoreFileError, CompileError, TargetError. */
export async function openDebuggee(request: OpenRequest): Promise<Target> {
  switch (request.kind) {
    case 'live': {
      const { program, spec, exact } = request;
      return openTarget({ kind: 'live', program, spec, exact });
    }
    case 'replay': {
      const { recording, exact, adapt } = request;
      const program = programFor(recording, request);
      if (program instanceof Error) throw program;
      return openTarget({ kind: 'replay', recording, program, exact, adapt });
    }
    case 'core': {
      const { file, exact, adapt } = request;
      return openTarget({ kind: 'core', file, rerun: programFor(file, request), exact, adapt });
    }
    case 'attach':
      return openTarget({ kind: 'attach', port: request.port });
  }
}

/** The program's file; or, as an error, why there is none that may be run. */
function programFor(
  file: string,
  flags: { readonly program?: string; readonly trust: boolean },
): Rerun | Error {
  const read = readFileOf(file);
  try {
    return rerunOf(file, read, flags);
  } catch (error) {
    if (error instanceof InputError) return new InputError(inConfiguration(error.message));
    throw error;
  }
}

/** A sentence about options of the command line, about those of a launch configuration. */
function inConfiguration(sentence: string): string {
  return sentence
    .replace('Name its file with --program', 'Name its file as `program`')
    .replace('name its file with --program', 'name its file as `program`')
    .replace('by saying --trust', 'by setting `trust`');
}

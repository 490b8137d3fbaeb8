/**
 * What a person is told when something goes wrong: one or two sentences, never a stack of ours.
 */

import { CoreFileError } from '../corefiles/index.ts';
import { InputError, TargetError } from '../debugger/index.ts';
import { CompileError } from '../tracer/index.ts';
import { EXIT_INTERNAL, EXIT_USAGE } from './exit.ts';

export interface Told {
  readonly text: string;
  readonly exitCode: number;
}

interface HostError extends Error {
  readonly code: string;
  readonly path?: string;
}

/** Host errors that are about a file which the user named. */
const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no file',
  EACCES: 'no permission for',
  EPERM: 'no permission for',
  EISDIR: 'this is a folder:',
  ENOTDIR: 'a part of the path is no folder:',
  EROFS: 'the file system is read-only:',
  ENOSPC: 'no space left for',
  EEXIST: 'there is already a file',
};

/** The sentence for whatever was thrown, and the exit status. */
export function tell(error: unknown): Told {
  const isTheirs = [InputError, CoreFileError, TargetError].some((kind) => error instanceof kind);
  if (isTheirs && error instanceof Error) {
    return { text: `rumpus: ${error.message}`, exitCode: EXIT_USAGE };
  }
  if (error instanceof CompileError) return { text: error.message, exitCode: EXIT_USAGE };
  if (isHostError(error) && FILE_ERRORS[error.code] !== undefined) {
    const what = `${FILE_ERRORS[error.code]} ${error.path ?? ''}`.trim();
    return { text: `rumpus: ${what} (${error.code})`, exitCode: EXIT_USAGE };
  }
  return { text: internal(error), exitCode: EXIT_INTERNAL };
}

function isHostError(error: unknown): error is HostError {
  return error instanceof Error && typeof (error as Partial<HostError>).code === 'string';
}

function internal(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = what.split('\n')[0];
  if (process.env['RUMPUS_DEBUG'] === '1') {
    return `rumpus: internal error: ${error instanceof Error ? error.stack : line}`;
  }
  return `rumpus: internal error: ${line}\nRUMPUS_DEBUG=1 shows where.`;
}

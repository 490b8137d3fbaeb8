/**
 * Opening a recording (or a core, which contains one) together with the program that it is of.
 *
 * The program of a file that an own run made is known (own.ts). Otherwise it is looked for where
 * the recording says, from the current folder and from the folders above the recording; --program
 * names another. A recording from elsewhere brings its sources: they
 * are unpacked to a temporary folder and run only when the user says --trust, because running them
 * is running a stranger's code with the user's rights.
 */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type RecordingData,
  type RecordingPart,
  type RecordingRead,
  readRecording,
} from '../corefiles/index.ts';
import {
  checkedSpecOf,
  InputError,
  isTestRecording,
  type LoadedProgram,
  recordedTest,
  type Rerun,
  specOf,
  needsAccesses,
} from '../debugger/index.ts';
import { load } from './load.ts';
import { note } from './output.ts';
import { ownProgram } from './own.ts';
import { unpackSources } from './unpack.ts';

export interface RecordingFlags {
  readonly program?: string;
  readonly trust?: boolean;
}

export interface Opened {
  readonly read: RecordingRead;
  readonly data: RecordingData;
  readonly loaded: LoadedProgram;
}

/** Parts without which a recording says nothing about how to run it again. */
const NEEDED: readonly RecordingPart[] = ['config', 'end', 'image', 'directives', 'hypercalls'];

/** Whether a command's argument is a program rather than a recording. */
export function isProgramFile(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file);
}

/** Reads a recording. Damage that leaves something to read is said on stderr. */
export function readFileOf(file: string): RecordingRead {
  if (isProgramFile(file)) {
    throw new InputError(`${file} is a program; this needs a recording or a core of a run`);
  }
  const read = readRecording(file);
  for (const warning of read.warnings) note(`warning: ${file}: ${warning}`);
  return read;
}

/** Opens a recording that is to be run again. Throws InputError when it cannot be. */
export async function openRecording(
  file: string,
  flags: RecordingFlags,
  read: RecordingRead = readFileOf(file),
): Promise<Opened> {
  const access = needsAccesses(specOf(read.data));
  const loaded = await load(replayableProgram(file, read, flags), { access });
  return { read, data: read.data, loaded };
}

/** The program's file of a recording that can be run again. Throws InputError when it cannot be. */
export function replayableProgram(
  file: string,
  read: RecordingRead,
  flags: RecordingFlags,
): string {
  checkWhole(file, read);
  if (!isTestRecording(read.data)) return programOf(file, read, flags);
  throw new InputError(
    `${file} is of a vitest test: rumpus replay makes its run again, and rumpus debug goes back in it`,
  );
}

/** The same for debuggers, which also go back in the run of a test. */
export function rerunOf(file: string, read: RecordingRead, flags: RecordingFlags): Rerun {
  checkWhole(file, read);
  return isTestRecording(read.data) ? recordedTest(file, read.data) : programOf(file, read, flags);
}

function checkWhole(file: string, read: RecordingRead): void {
  const lost = NEEDED.filter((part) => read.missing.includes(part));
  if (lost.length > 0) {
    throw new InputError(`${file} cannot be replayed: it is damaged (${lost.join(', ')} missing)`);
  }
  checkedSpecOf(file, read.data);
}

function programOf(file: string, read: RecordingRead, flags: RecordingFlags): string {
  if (flags.program !== undefined) return flags.program;
  const name = String(read.data.config['program'] ?? '');
  const own = ownProgram(file);
  if (own !== undefined && existsSync(own)) return own;
  const found = findProgram(file, name);
  if (found !== undefined) return found;
  if (read.sources.length === 0 || name === '') {
    throw new InputError(`the program ${name} is not here; name its file with --program`);
  }
  if (flags.trust !== true && own === undefined) {
    throw new InputError(
      `the program ${name} is not here. Name its file with --program, or run the copy that the ` +
        'recording brings, with your rights, by saying --trust.',
    );
  }
  const unpacked = unpackSources(read, name);
  note(`running the sources that ${file} brings, unpacked to a temporary folder`);
  return unpacked;
}

/** The program below the current folder, or below a folder above the recording. */
function findProgram(file: string, name: string): string | undefined {
  if (name === '') return undefined;
  let folder = dirname(resolve(file));
  const folders = [process.cwd()];
  while (dirname(folder) !== folder) {
    folders.push(folder);
    folder = dirname(folder);
  }
  return folders.map((base) => resolve(base, name)).find((candidate) => existsSync(candidate));
}

/**
 * Writing what a run leaves: recordings and cores, named after program, verdict and seed.
 */

import { basename, dirname, join, relative } from 'node:path';
import { writeRecording } from '../corefiles/index.ts';
import {
  eventsOf,
  type Execution,
  type ExecutionWithCore,
  type LoadedProgram,
  makeFolder,
  recordingOf,
  type RunSpec,
  saveCore,
  sourcesOf,
} from '../debugger/index.ts';
import { tell } from './errors.ts';
import { note } from './output.ts';
import { rememberOwn } from './own.ts';

/** Events kept in files. */
export const RING_RECORDS = 1 << 14;
export const RECORDING_SUFFIX = '.rumpus';
export const CORE_SUFFIX = '.core';

/** `.rumpus/lost-update-deadlock-7` */
export function savedName(
  out: string,
  loaded: LoadedProgram,
  run: Execution,
  seed: number,
): string {
  const program = basename(loaded.name).replace(/\.[cm]?[jt]s$/, '');
  const folder = basename(dirname(loaded.file));
  // Gallery programs are all called buggy and fixed: their folder tells them apart.
  const name = /^(buggy|fixed|main|index|program)$/.test(program)
    ? `${folder}-${program}`
    : program;
  return join(out, `${name}-${run.outcome.verdict}-${seed}`);
}

/** Writes the recording of a run; gives the path as it is shown. */
export function saveRecording(
  file: string,
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
): string {
  makeFolder(dirname(file));
  const extras = { console: run.console, events: eventsOf(run.world) };
  writeRecording(file, recordingOf(loaded, spec, run), sourcesOf(loaded), extras);
  rememberOwn(file, loaded.file);
  return shownPath(file);
}

/** Writes the core of a failed run; gives the path as it is shown. */
export function saveCoreFile(
  file: string,
  loaded: LoadedProgram,
  spec: RunSpec,
  ran: ExecutionWithCore,
): string {
  makeFolder(dirname(file));
  saveCore(file, loaded, spec, ran.run, ran.state);
  rememberOwn(file, loaded.file);
  return shownPath(file);
}

/** The path that `write` gives; undefined when it fails, which is said: a verdict is not lost. */
export function unlessImpossible(what: string, write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    note(`the ${what} could not be written: ${tell(error).text.replace(/^rumpus: /, '')}`);
    return undefined;
  }
}

/** A path relative to the current folder, with '/'. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file).replaceAll('\\', '/');
  return path === '' ? '.' : path;
}

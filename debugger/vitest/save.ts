/** Writing the core of a failed test, under .rumpus/ of its project. */

import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type CapturedState, type RecordingData, writeCore } from '../../corefiles/index.ts';
import type { Execution } from '../run/execute.ts';
import { type LoadedProgram, sourcesOf } from '../run/load.ts';
import { eventsOf, recordingOf } from '../run/record.ts';
import type { RunSpec } from '../run/spec.ts';
import type { TestPlace } from './loaded.ts';

/** Characters of a test's name that its core's name has. */
const NAME_MAX = 60;

/** The recording of a test's run; `config` says which test and which of its runs it is. */
export function testRecording(
  place: TestPlace,
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
  runNumber: number,
): RecordingData {
  const data = recordingOf(loaded, spec, run);
  return { ...data, config: { ...data.config, test: place.fullName, run: runNumber } };
}

/** Writes it with its sources; gives the path relative to the current folder, with '/'. */
export function saveCore(
  place: TestPlace,
  loaded: LoadedProgram,
  recording: RecordingData,
  run: Execution,
  state: CapturedState | null,
): string {
  const folder = join(place.rootDir, '.rumpus');
  mkdirSync(folder, { recursive: true });
  const { seed } = recording.config;
  const file = join(folder, `${slug(place.fullName)}-${run.outcome.verdict}-${String(seed)}.core`);
  const { console, world } = run;
  const events = eventsOf(world);
  writeCore(file, { recording, sources: sourcesOf(loaded), state, events, console });
  return relative(process.cwd(), file).replaceAll('\\', '/');
}

/** `mkdir twice gives EEXIST` -> `mkdir-twice-gives-eexist` */
function slug(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.slice(0, NAME_MAX).replace(/^-|-$/g, '') || 'test';
}

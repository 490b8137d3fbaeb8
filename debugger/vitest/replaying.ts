/**
 * The test's side of `rumpus replay <core of a test>`: the command (rerun.ts) starts vitest on the
 * one test with these set, and the run that the recording is of is replayed instead of run anew.
 *
 *   RUMPUS_REPLAY         the recording or core
 *   RUMPUS_REPLAY_RESULT  where the answer goes, as JSON (ReplayAnswer)
 *   RUMPUS_REPLAY_ADAPT   1: go on although the code has changed
 */

import { writeFileSync } from 'node:fs';
import { type RecordingData, readRecording } from '../../corefiles/index.ts';
import { type Replayed, replay } from '../run/replay.ts';
import type { ExecuteOptions } from '../run/execute.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { TestPlace } from './loaded.ts';
import type { ReplayAnswer } from './rerun.ts';
import type { FailedStack } from './stacks.ts';

/** A recording, and the file that it is in. */
export interface Recorded {
  readonly file: string;
  readonly data: RecordingData;
}

let recorded: Recorded | undefined;

/** The recording to replay, if it is of this run of this test. */
export function recordingFor(place: TestPlace, runNumber: number): Recorded | undefined {
  const file = process.env['RUMPUS_REPLAY'];
  if (file === undefined || file === '') return undefined;
  recorded ??= { file, data: readRecording(file).data };
  const { test, run } = recorded.data.config;
  return test === place.fullName && run === runNumber ? recorded : undefined;
}

/** Replays, and answers the command. */
export function answerReplay(
  loaded: LoadedProgram,
  data: RecordingData,
  options: ExecuteOptions,
  stacks: () => readonly FailedStack[],
): Replayed {
  try {
    const adapt = process.env['RUMPUS_REPLAY_ADAPT'] === '1';
    const replayed = replay(loaded, data, { ...options, adapt });
    const { outcome, console } = replayed.run;
    const { verdict, message, icount, virtualTimeNs } = outcome;
    const { digest, divergence } = replayed;
    answer({
      ...{ error: null, verdict, message, icount, virtualTimeNs, digest, divergence, console },
      stacks: stacks(),
    });
    return replayed;
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function answer(result: ReplayAnswer): void {
  const file = process.env['RUMPUS_REPLAY_RESULT'];
  if (file !== undefined && file !== '') writeFileSync(file, JSON.stringify(result));
}

/**
 * Recordings: what made a run what it was, so that it can be run again. See FORMAT.md.
 *
 *   writeRecording('race.rumpus', data, sources);
 *   const { data, missing, warnings } = readRecording('race.rumpus');
 *
 * A core is a recording with state: recordingChunks() and readRecordingFrom() are for its writer and
 * reader. The chunks stand in order of use: from a file cut off in the middle of its sources, the
 * verdict, the schedule and the inputs are all there.
 */

import { encodeJson, type JsonRecord } from './codec/index.ts';
import {
  type Chunk,
  containerBytes,
  openContainer,
  writeContainerFile,
} from './container/index.ts';
import { imageChunk, sourceChunks } from './recording/code.ts';
import { checkpointChunks, hypercallChunks } from './recording/inputs.ts';
import { consoleChunks, endChunk, eventChunks, type Totals } from './recording/outputs.ts';
import { relativePath } from './recording/paths.ts';
import { SECTION, sectionChunk } from './recording/pieces.ts';
import { readConfigFrom, readRecordingFrom } from './recording/read.ts';
import { directiveChunks } from './recording/schedule.ts';
import type {
  RecordedSource,
  RecordingData,
  RecordingExtras,
  RecordingRead,
} from './recording/types.ts';

export { isHostPath } from './recording/paths.ts';
export { readRecordingFrom } from './recording/read.ts';
export type * from './recording/types.ts';

/** Writes a recording to a file, whole or not at all. Errors: invalid, unwritable. */
export function writeRecording(
  file: string,
  data: RecordingData,
  sources: readonly RecordedSource[],
  extras: RecordingExtras = {},
): void {
  writeContainerFile(file, recordingChunks(data, sources, extras));
}

/** The bytes of the same file. Errors: invalid. */
export function recordingBytes(
  data: RecordingData,
  sources: readonly RecordedSource[],
  extras: RecordingExtras = {},
): Buffer {
  return containerBytes(recordingChunks(data, sources, extras));
}

/** The chunks of a recording, configuration first. Errors: invalid. */
export function recordingChunks(
  data: RecordingData,
  sources: readonly RecordedSource[],
  extras: RecordingExtras = {},
): Chunk[] {
  const { program } = data.config;
  if (typeof program === 'string') relativePath(program);
  const consoleText = consoleChunks(extras.console ?? '');
  const totals: Totals = {
    directives: data.kinds.length,
    hypercalls: data.hypercalls.length,
    checkpoints: data.checkpoints.length,
    sources: sources.length,
    consolePieces: consoleText.length,
    eventWords: extras.events?.records.length ?? 0,
    eventsPresent: extras.events === undefined ? 0 : 1,
  };
  return [
    sectionChunk(SECTION.config, encodeJson(data.config)),
    endChunk(data.end, totals),
    imageChunk(data.image),
    ...directiveChunks(data.directives, data.kinds),
    ...hypercallChunks(data.hypercalls),
    ...checkpointChunks(data.checkpoints),
    ...consoleText,
    ...(extras.events === undefined ? [] : eventChunks(extras.events)),
    ...sourceChunks(sources),
  ];
}

/** Reads a file or bytes, as far as they go. Errors: unreadable, not-rumpus, newer-version. */
export function readRecording(from: string | Uint8Array): RecordingRead {
  const container = openContainer(from);
  try {
    return readRecordingFrom(container);
  } finally {
    container.close();
  }
}

/** What a recording or core was told, and nothing else of it; undefined when that cannot be read. */
export function readConfig(file: string): JsonRecord | undefined {
  const container = openContainer(file);
  try {
    return readConfigFrom(container);
  } finally {
    container.close();
  }
}

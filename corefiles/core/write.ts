/**
 * Writes cores. See FORMAT.md, "Cores".
 *
 *   CORE  the head: verdict, place, stack of the LWP that ran; then the recording, then the state
 *
 * A file cut off anywhere after its first kilobytes still says what happened, and one cut off in
 * its state can still be replayed.
 */

import { encodeJson } from '../codec/index.ts';
import { type Chunk, containerBytes, writeContainerFile } from '../container/index.ts';
import { recordingChunks } from '../recording.ts';
import type { RecordedEvents, RecordedSource, RecordingData } from '../recording/types.ts';
import type { CapturedState, CoreHead } from './state.ts';

export const CORE_CHUNK = 'CORE';
export const CORE_VERSION = 1;

/** What goes into a core. */
export interface CoreContents {
  readonly recording: RecordingData;
  readonly sources: readonly RecordedSource[];
  /** Null when nothing could be captured: then there is a head, from the recording's end. */
  readonly state: CapturedState | null;
  readonly events?: RecordedEvents;
  readonly console?: string;
}

/** Writes a core to a file, whole or not at all. Errors: invalid, unwritable. */
export function writeCore(file: string, contents: CoreContents): void {
  writeContainerFile(file, coreChunks(contents));
}

/** The bytes of the same file. Errors: invalid. */
export function coreBytes(contents: CoreContents): Buffer {
  return containerBytes(coreChunks(contents));
}

function coreChunks({ recording, sources, state, events, console }: CoreContents): Chunk[] {
  const head = state?.head ?? headWithoutState(recording);
  const raw = encodeJson(JSON.parse(JSON.stringify(head)));
  return [
    { type: CORE_CHUNK, version: CORE_VERSION, raw },
    ...recordingChunks(recording, sources, { events, console }),
    ...(state?.chunks ?? []),
  ];
}

function headWithoutState({ end }: RecordingData): CoreHead {
  const { verdict, message, icount, virtualTimeNs } = end;
  const missing = ['The state was not captured.'];
  const when = { icount, standsAt: icount, virtualTimeNs };
  return { verdict, message, ...when, lwp: 0, about: [], stack: [], missing };
}

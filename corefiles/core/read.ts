/**
 * Opens cores: the head, the recording and the graph of one file, as far as they are there.
 *
 *   const core = openCore('panic.core');
 *
 * Opening runs nothing. What a damaged file no longer has is empty here, and `warnings` says so;
 * a recording without state opens too: it is a core that lost its state. A file of which nothing at
 * all is left is refused.
 */

import { decodeJson, type JsonRecord, type JsonValue, readGraphFrom } from '../codec/index.ts';
import { type ContainerReader, openContainer } from '../container/index.ts';
import { CoreFileError, sentenceOf } from '../errors.ts';
import { readRecordingFrom, type RecordingRead } from '../recording.ts';
import { OpenCore } from './query/core.ts';
import type { CoreHead, HeadFrame } from './state.ts';
import type { Core } from './types.ts';
import { CORE_CHUNK, CORE_VERSION } from './write.ts';

/** More than any writer makes. */
const MAX_FRAMES = 10_000;

/**
 * Opens a core by its file's name, or its bytes. Errors: unreadable, not-rumpus, newer-version, and
 * damaged when nothing of it can be used.
 */
export function openCore(from: string | Uint8Array): Core {
  const container = openContainer(from);
  try {
    const head = readHead(container);
    const recording = readRecordingFrom(container);
    const graph = readGraphFrom(container);
    if (head === undefined && graph === undefined && isEmpty(recording)) {
      const file = typeof from === 'string' ? from : 'The data';
      const [reason = ''] = container.warnings;
      throw new CoreFileError('damaged', `${file} has nothing left that can be used. ${reason}`);
    }
    if (graph === undefined) container.warn('The file has no state: it can only be replayed.');
    return new OpenCore(head, recording, graph);
  } finally {
    container.close();
  }
}

/** Whether a recording has nothing to show. */
function isEmpty({ data, sources, console, events, missing }: RecordingRead): boolean {
  const { directives, hypercalls, checkpoints } = data;
  const singles = ['config', 'end', 'image'] as const;
  return (
    singles.every((part) => missing.includes(part)) &&
    directives.length + hypercalls.length + checkpoints.length + sources.length === 0 &&
    console === '' &&
    events === undefined
  );
}

function readHead(container: ContainerReader): CoreHead | undefined {
  const [chunk] = container.find(CORE_CHUNK);
  if (chunk === undefined) return undefined;
  if (chunk.version > CORE_VERSION) {
    container.warn(`The ${CORE_CHUNK} chunk is of a newer version (${chunk.version}).`);
    return undefined;
  }
  const raw = container.read(chunk);
  if (raw === undefined) return undefined;
  try {
    return headOf(decodeJson(raw));
  } catch (error) {
    container.warn(`The ${CORE_CHUNK} chunk cannot be used: ${sentenceOf(error)}.`);
    return undefined;
  }
}

function headOf(record: JsonRecord): CoreHead {
  return {
    verdict: text(record.verdict),
    message: text(record.message),
    icount: number(record.icount),
    standsAt: number(record.standsAt),
    virtualTimeNs: number(record.virtualTimeNs),
    lwp: number(record.lwp),
    about: list(record.about).map(number),
    stack: list(record.stack).map(frameOf),
    missing: list(record.missing).map(text),
  };
}

function frameOf(value: JsonValue): HeadFrame {
  const record = (typeof value === 'object' && value !== null ? value : {}) as JsonRecord;
  return {
    function: text(record.function),
    path: text(record.path),
    lineBase1: number(record.lineBase1),
    columnBase0: number(record.columnBase0),
  };
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value.slice(0, MAX_FRAMES) : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function number(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/**
 * Reads the recording in a container, whatever is left of it.
 *
 * Must hold  A part is either whole, or named in `missing`. Lists are cut at their first gap: a
 *            schedule with a hole in it would replay something that never happened.
 */

import { decodeJson, type JsonRecord } from '../codec/index.ts';
import type { ContainerReader } from '../container/index.ts';
import { sentenceOf } from '../errors.ts';
import { readImage, readSources } from './code.ts';
import { readCheckpoints, readHypercalls } from './inputs.ts';
import { readConsole, readEnd, readEventStrings, readEventWords, type Totals } from './outputs.ts';
import { SECTION, sectionVersion } from './pieces.ts';
import { readDirectives } from './schedule.ts';
import type { RecordingPart, RecordingRead } from './types.ts';

/** Reads the recording in an open container (a core has one too). Never throws. */
export function readRecordingFrom(container: ContainerReader): RecordingRead {
  const read = emptyRecording(container.warnings);
  const totals = readSingles(container, read);
  readInputs(container, read, totals);
  readOutputs(container, read, totals);
  for (const part of read.missing) container.warn(missingSentence(part, read, totals));
  read.complete = container.complete && read.warnings.length === 0;
  return read;
}

/** The configuration alone; undefined when it cannot be read. */
export function readConfigFrom(container: ContainerReader): JsonRecord | undefined {
  return single(container, SECTION.config, decodeJson);
}

function emptyRecording(warnings: string[]): RecordingRead {
  return {
    data: {
      config: Object.create(null),
      image: { identity: '', compiler: '', modules: [] },
      directives: new Int32Array(0),
      kinds: new Uint8Array(0),
      hypercalls: [],
      checkpoints: [],
      end: { verdict: '', message: '', icount: 0, points: 0, virtualTimeNs: 0, digest: '' },
    },
    sources: [],
    console: '',
    events: undefined,
    missing: [],
    complete: false,
    warnings,
  };
}

/** Reads the parts that are one chunk each. Returns the totals of the others, if they are known. */
function readSingles(container: ContainerReader, read: RecordingRead): Totals | undefined {
  const { data, missing } = read;
  const config = single(container, SECTION.config, decodeJson);
  const end = single(container, SECTION.end, readEnd);
  const image = single(container, SECTION.image, readImage);
  if (config === undefined) missing.push('config');
  if (end === undefined) missing.push('end');
  if (image === undefined) missing.push('image');
  data.config = config ?? data.config;
  data.end = end?.end ?? data.end;
  data.image = image ?? data.image;
  return end?.totals;
}

function readInputs(container: ContainerReader, read: RecordingRead, totals?: Totals): void {
  const { data } = read;
  const schedule = list(container, SECTION.directives, readDirectives);
  const calls = list(container, SECTION.hypercalls, readHypercalls);
  const checks = list(container, SECTION.checkpoints, readCheckpoints);
  data.directives = schedule?.directives ?? data.directives;
  data.kinds = schedule?.kinds ?? data.kinds;
  data.hypercalls = calls?.hypercalls ?? [];
  data.checkpoints = checks?.checkpoints ?? [];
  note(read, 'directives', schedule, data.kinds.length, totals?.directives);
  note(read, 'hypercalls', calls, data.hypercalls.length, totals?.hypercalls);
  note(read, 'checkpoints', checks, data.checkpoints.length, totals?.checkpoints);
}

function readOutputs(container: ContainerReader, read: RecordingRead, totals?: Totals): void {
  const text = list(container, SECTION.console, readConsole);
  read.console = text?.text ?? '';
  note(read, 'console', text, text?.pieces ?? 0, totals?.consolePieces);
  readEvents(container, read, totals);
  const sources = list(container, SECTION.sources, readSources);
  read.sources = sources?.sources ?? [];
  note(read, 'sources', sources, read.sources.length, totals?.sources);
}

/** A recording has events or not; words without their strings are still words. */
function readEvents(container: ContainerReader, read: RecordingRead, totals?: Totals): void {
  const words = list(container, SECTION.events, readEventWords);
  const strings = single(container, SECTION.strings, readEventStrings);
  const records = words?.records ?? new Int32Array(0);
  const hasEvents = strings !== undefined || records.length > 0;
  if (hasEvents) {
    read.events = { recordWords: 0, strings: [], dropped: 0, ...strings, records };
  }
  const isWhole = strings !== undefined || !(hasEvents || totals?.eventsPresent === 1);
  note(read, 'events', isWhole ? words : undefined, records.length, totals?.eventWords);
}

/** Notes a list as missing when it has a gap, or not as many items as it should. */
function note(
  read: RecordingRead,
  part: RecordingPart,
  found: { gap: boolean } | undefined,
  have: number,
  should: number | undefined,
): void {
  if (found === undefined || found.gap || have !== should) read.missing.push(part);
}

function single<T>(
  container: ContainerReader,
  type: string,
  decode: (raw: Uint8Array) => T,
): T | undefined {
  for (const raw of payloads(container, type)) return attempt(container, type, () => decode(raw));
  return undefined;
}

function list<T>(
  container: ContainerReader,
  type: string,
  decode: (raws: Iterable<Uint8Array>) => T,
): T | undefined {
  return attempt(container, type, () => decode(payloads(container, type)));
}

/** The payloads that can be read of the chunks of a type. */
function* payloads(container: ContainerReader, type: string): Iterable<Uint8Array> {
  for (const chunk of container.find(type)) {
    const known = sectionVersion(type);
    if (chunk.version !== known) {
      const age = chunk.version > known ? 'a newer' : 'an older';
      container.warn(`A ${type} chunk is of ${age} version (${chunk.version}) and is skipped.`);
      continue;
    }
    const raw = container.read(chunk);
    if (raw !== undefined) yield raw;
  }
}

function attempt<T>(container: ContainerReader, type: string, decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    container.warn(`The ${type} data cannot be used: ${sentenceOf(error)}.`);
    return undefined;
  }
}

const COUNTS: ReadonlyMap<RecordingPart, (read: RecordingRead) => number> = new Map([
  ['directives', (read) => read.data.kinds.length],
  ['hypercalls', (read) => read.data.hypercalls.length],
  ['checkpoints', (read) => read.data.checkpoints.length],
  ['sources', (read) => read.sources.length],
]);

function missingSentence(part: RecordingPart, read: RecordingRead, totals?: Totals): string {
  const have = COUNTS.get(part)?.(read);
  if (have === undefined) return `Missing: ${part}.`;
  const should = totals?.[part as keyof Totals];
  if (should === undefined) return `Perhaps not whole: ${part} (${have} of an unknown number).`;
  return `Missing: ${part} (${have} of ${should} can be used).`;
}

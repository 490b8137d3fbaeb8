/**
 * From a finished run to its recording, and back to what a replay needs.
 */

import type { JsonRecord, RecordedEvents, RecordingData } from '../../corefiles/index.ts';
import {
  DIRECTIVE_WORDS,
  digestText,
  type HypercallRecord,
  RECORD_WORDS,
  stateDigest,
  type World,
} from '../../kernel/index.ts';
import type { Execution } from './execute.ts';
import { type LoadedProgram, packageVersion } from './load.ts';
import { DEFAULT_SPEC, type RunSpec } from './spec.ts';

/** Digest of a finished run: how it went (16 hex digits) and what it left (16). */
export function finalDigest(w: World): string {
  return digestText(w) + stateDigest(w);
}

const HYPERCALL_KINDS: readonly HypercallRecord['kind'][] = [
  'clock',
  'random',
  'open',
  'read',
  'write',
  'sync',
];

/** Payload: number (f64), length of the error's name (u8), error, length of text (u16), text, bytes. */
function encodeHypercall(record: HypercallRecord): { kind: number; payload: Uint8Array } {
  const error = Buffer.from(record.error, 'utf8');
  const text = Buffer.from(record.text, 'utf8');
  const head = Buffer.alloc(8 + 1 + error.length + 2 + text.length);
  head.writeDoubleLE(record.number, 0);
  head.writeUInt8(error.length, 8);
  error.copy(head, 9);
  head.writeUInt16LE(text.length, 9 + error.length);
  text.copy(head, 11 + error.length);
  const payload = Buffer.concat([head, record.bytes ?? new Uint8Array(0)]);
  return { kind: HYPERCALL_KINDS.indexOf(record.kind), payload };
}

function decodeHypercall(recorded: { kind: number; payload: Uint8Array }): HypercallRecord {
  const { buffer, byteOffset, length } = recorded.payload;
  const bytes = Buffer.from(buffer, byteOffset, length);
  const errorEnd = length < 9 ? 9 : 9 + bytes.readUInt8(8);
  const textEnd =
    length < errorEnd + 2 ? errorEnd + 2 : errorEnd + 2 + bytes.readUInt16LE(errorEnd);
  return {
    kind: HYPERCALL_KINDS[recorded.kind] ?? 'clock',
    number: length < 8 ? 0 : bytes.readDoubleLE(0),
    error: bytes.toString('utf8', 9, errorEnd),
    text: bytes.toString('utf8', errorEnd + 2, textEnd),
    bytes: new Uint8Array(bytes.subarray(textEnd)),
  };
}

/** The recording of a finished run. */
export function recordingOf(loaded: LoadedProgram, spec: RunSpec, run: Execution): RecordingData {
  const { world, outcome } = run;
  const words = world.directives.copy();
  const count = words.length / DIRECTIVE_WORDS;
  const directives = new Int32Array(count * 3);
  const kinds = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    kinds[i] = words[i * DIRECTIVE_WORDS];
    directives.set(words.subarray(i * DIRECTIVE_WORDS + 1, (i + 1) * DIRECTIVE_WORDS), i * 3);
  }
  return {
    config: { program: loaded.name, rumpus: packageVersion(), ...specRecord(spec) },
    image: loaded.image,
    directives,
    kinds,
    hypercalls: world.hypercalls.records.map(encodeHypercall),
    checkpoints: checkpointsOf(world),
    end: {
      verdict: outcome.verdict,
      message: outcome.message,
      icount: outcome.icount,
      points: world.points,
      virtualTimeNs: outcome.virtualTimeNs,
      digest: finalDigest(world),
    },
  };
}

function specRecord(spec: RunSpec): JsonRecord {
  return JSON.parse(JSON.stringify(spec)) as JsonRecord;
}

function checkpointsOf(w: World): RecordingData['checkpoints'] {
  const list: RecordingData['checkpoints'] = [];
  for (let i = 0; i < w.checkpoints.length; i += 3) {
    const [icount, a, b] = w.checkpoints.slice(i, i + 3);
    list.push({ icount, digest: [a >>> 0, b >>> 0] });
  }
  return list;
}

/** The spec that a recording was made with. */
export function specOf(data: RecordingData): RunSpec {
  return { ...DEFAULT_SPEC, ...(data.config as unknown as Partial<RunSpec>) };
}

/** Directives as the replay strategy takes them. */
export function directiveWords(data: RecordingData): Int32Array {
  const words = new Int32Array(data.kinds.length * DIRECTIVE_WORDS);
  for (let i = 0; i < data.kinds.length; i++) {
    words[i * DIRECTIVE_WORDS] = data.kinds[i];
    words.set(data.directives.subarray(i * 3, i * 3 + 3), i * DIRECTIVE_WORDS + 1);
  }
  return words;
}

/** Hypercall answers as the world takes them. */
export function hypercallsOf(data: RecordingData): HypercallRecord[] {
  return data.hypercalls.map(decodeHypercall);
}

/** The event ring as a file keeps it. */
export function eventsOf(w: World): RecordedEvents | undefined {
  if (w.ring === null) return undefined;
  const { strings, dropped } = w.ring;
  return { recordWords: RECORD_WORDS, records: w.ring.copy(), strings: [...strings], dropped };
}

/** What a recording is made of, as plain data; the kernel and the replayer give it meaning. */

import type { JsonRecord } from '../codec/index.ts';

export interface RecordedModule {
  /** Relative to its package, with '/'. */
  path: string;
  hash: string;
  functions: string[];
  /** Beside `functions`. */
  functionHashes: string[];
}

/** The code that ran. */
export interface ImageInfo {
  identity: string;
  compiler: string;
  modules: RecordedModule[];
}

/** One thing that came in through the door. */
export interface RecordedHypercall {
  kind: number;
  payload: Uint8Array;
}

export interface Checkpoint {
  icount: number;
  /** Two words of 32 bits. */
  digest: [number, number];
}

export interface RunEnd {
  verdict: string;
  message: string;
  icount: number;
  points: number;
  virtualTimeNs: number;
  /** Of the final state, in hexadecimal. */
  digest: string;
}

export interface RecordingData {
  /** Everything that a run was told: program, options, seed, strategy, grain, knobs. */
  config: JsonRecord;
  image: ImageInfo;
  /** Triples: LWP, its own count of scheduling points, answer. */
  directives: Int32Array;
  /** One for each directive. */
  kinds: Uint8Array;
  hypercalls: RecordedHypercall[];
  checkpoints: Checkpoint[];
  end: RunEnd;
}

export interface RecordedSource {
  /** Relative to its package, with '/'. */
  path: string;
  text: string;
}

/** Trace events as they lay in the ring: records of `recordWords` words, and their strings. */
export interface RecordedEvents {
  recordWords: number;
  records: Int32Array;
  strings: string[];
  /** Events that the ring no longer had. */
  dropped: number;
}

/** What may stand in a file beside the recording proper. */
export interface RecordingExtras {
  events?: RecordedEvents;
  console?: string;
}

/** Parts of a recording, by the names used in `missing`. */
export type RecordingPart =
  | 'config'
  | 'end'
  | 'image'
  | 'directives'
  | 'hypercalls'
  | 'checkpoints'
  | 'sources'
  | 'console'
  | 'events';

/** A recording as read: what is missing is empty here, and is named in `missing`. */
export interface RecordingRead {
  data: RecordingData;
  sources: RecordedSource[];
  console: string;
  events: RecordedEvents | undefined;
  /**
   * Parts that the file does not have whole. Lists hold what comes before the first gap: a
   * schedule may be followed as far as it goes, but never across a hole.
   */
  missing: RecordingPart[];
  /** True when nothing is missing and nothing is damaged. */
  complete: boolean;
  warnings: string[];
}

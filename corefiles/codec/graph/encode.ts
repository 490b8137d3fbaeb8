/**
 * Walks everything that can be reached from some roots, and makes chunks of it.
 *
 *   const chunks = encodeGraph({ kernel, frames });
 *
 * For       A core: the state of kernels at a panic, in milliseconds, without running any of their
 *           code (no getter, proxy trap, iterator or toString of theirs; see classify.ts).
 * Order     Breadth first with a queue, so depth costs no stack, and what is near the roots is kept
 *           when the budget (objects, values, time, bytes) ends; that it ended is in the file.
 * Not kept  Functions but for their names, the locals of generators, entries of weak collections,
 *           named fields of typed arrays, property attributes, the identity of symbols.
 */

import type { Chunk } from '../../container/format.ts';
import { ByteWriter } from '../byte-writer.ts';
import { BlobCollector } from './blobs.ts';
import { TypeNames } from './classify.ts';
import { GRAPH_CHUNK, GRAPH_VERSION, SEGMENT_CHUNK } from './format.ts';
import { SegmentWriter } from './segment-writer.ts';
import { visit } from './visit.ts';
import { type EncodeOptions, idOf, type Walk } from './walk.ts';

export type { EncodeOptions } from './walk.ts';

const DEFAULTS: Required<EncodeOptions> = {
  maxObjects: 1_000_000,
  maxValues: 8_000_000,
  maxMs: 5_000,
  maxBlobBytes: 64 << 20,
  maxStringChars: 1 << 18,
  omit: new Set(),
  now: () => performance.now(),
};

/** Objects between two looks at the clock. */
const CLOCK_EVERY = 256;

/** The chunks that hold every object reachable from `roots`, which is itself object 0. */
export function encodeGraph(roots: Record<string, unknown>, options: EncodeOptions = {}): Chunk[] {
  const walk: Walk = {
    options: { ...DEFAULTS, ...options },
    queue: [],
    ids: new Map(),
    names: new TypeNames(),
    blobs: new BlobCollector(),
    segment: new SegmentWriter(0),
    refused: false,
  };
  idOf(walk, roots);
  const segments: Chunk[] = [];
  const { walked, stop } = walkAll(walk, segments);
  const { chunks, whole } = walk.blobs.encode(walk.options.maxBlobBytes);
  const reasons = [
    stop,
    walk.refused ? 'the limit of objects was reached' : '',
    whole ? '' : 'the limit of buffer bytes was reached',
  ];
  const head = new ByteWriter();
  head.varint(walked);
  head.varint(walk.queue.length);
  head.string(reasons.filter((reason) => reason !== '').join('; '));
  return [{ type: GRAPH_CHUNK, version: GRAPH_VERSION, raw: head.take() }, ...segments, ...chunks];
}

/** Visits the queue until it is empty or the budget is spent; says how far and why it stopped. */
function walkAll(walk: Walk, segments: Chunk[]): { walked: number; stop: string } {
  const { now, maxMs, maxValues } = walk.options;
  const end = now() + maxMs;
  let values = 0;
  let stop = '';
  let at = 0;
  for (; at < walk.queue.length; at++) {
    if (values + walk.segment.values >= maxValues) stop = 'the limit of values was reached';
    else if (at % CLOCK_EVERY === CLOCK_EVERY - 1 && now() > end) stop = 'the time was over';
    if (stop !== '') break;
    if (walk.segment.full) {
      values += walk.segment.values;
      segments.push(closeSegment(walk, at));
    }
    visit(walk, walk.queue[at]);
  }
  if (at > walk.segment.firstId) segments.push(closeSegment(walk, at));
  return { walked: at, stop };
}

function closeSegment(walk: Walk, nextId: number): Chunk {
  const raw = walk.segment.encode();
  walk.segment = new SegmentWriter(nextId);
  return { type: SEGMENT_CHUNK, version: GRAPH_VERSION, raw };
}

/** Opens the graph in a file's chunks, whatever is left of it. */

import type { Chunk } from '../../container/format.ts';
import { sentenceOf } from '../../errors.ts';
import { ByteReader } from '../byte-reader.ts';
import { readBlobChunk } from './blobs.ts';
import { BLOB_CHUNK, GRAPH_CHUNK, GRAPH_VERSION, MAX_VALUES, SEGMENT_CHUNK } from './format.ts';
import { Graph, type GraphParts, type LazySegment } from './graph.ts';
import { readSegmentHead } from './segment-reader.ts';

/** The graph in `chunks`; those of other types are passed over. Never throws: see its warnings. */
export function decodeGraph(chunks: Iterable<Chunk>): Graph {
  const parts: GraphParts = {
    walked: Number.POSITIVE_INFINITY,
    numbered: Number.POSITIVE_INFINITY,
    cutReason: '',
    segments: [],
    pieces: { byId: new Map(), count: 0 },
    warnings: [],
    budget: { left: MAX_VALUES },
  };
  for (const chunk of chunks) readChunk(parts, chunk);
  parts.segments = withoutOverlaps(parts);
  report(parts);
  return new Graph(parts);
}

function readChunk(parts: GraphParts, chunk: Chunk): void {
  const { type, raw } = chunk;
  if (type !== GRAPH_CHUNK && type !== SEGMENT_CHUNK && type !== BLOB_CHUNK) return;
  if (chunk.version > GRAPH_VERSION) {
    parts.warnings.push(`A ${type} chunk is of a newer version (${chunk.version}) and is skipped.`);
    return;
  }
  try {
    if (type === GRAPH_CHUNK) readHead(parts, raw);
    else if (type === BLOB_CHUNK) readBlobChunk(raw, parts.pieces);
    else parts.segments.push({ ...readSegmentHead(raw), raw, body: undefined, lost: false });
  } catch (error) {
    parts.warnings.push(`A ${type} chunk cannot be read: ${sentenceOf(error)}.`);
  }
}

function readHead(parts: GraphParts, raw: Uint8Array): void {
  const input = new ByteReader(raw);
  const walked = input.varint();
  const numbered = input.varint();
  parts.cutReason = input.string();
  parts.walked = walked;
  parts.numbered = numbered;
}

function withoutOverlaps(parts: GraphParts): LazySegment[] {
  const kept: LazySegment[] = [];
  let next = 0;
  for (const segment of parts.segments.sort((a, b) => a.firstId - b.firstId)) {
    if (segment.firstId < next) {
      parts.warnings.push(
        `Objects from ${segment.firstId} on are there twice; the second are ignored.`,
      );
      continue;
    }
    kept.push(segment);
    next = segment.firstId + segment.count;
  }
  return kept;
}

/** Says which objects are missing. */
function report(parts: GraphParts): void {
  if (parts.walked === Number.POSITIVE_INFINITY) {
    parts.warnings.push('How many objects there should be is not known: the GRPH chunk is lost.');
  }
  let next = 0;
  for (const { firstId, count } of parts.segments) {
    if (firstId > next) parts.warnings.push(`Objects ${next} to ${firstId - 1} are lost.`);
    next = firstId + count;
  }
  const end = Number.isFinite(parts.walked) ? parts.walked : next;
  if (end > next) parts.warnings.push(`Objects ${next} to ${end - 1} are lost.`);
  if (parts.cutReason !== '') {
    const of = `${parts.walked} of at least ${parts.numbered} objects`;
    parts.warnings.push(`The state is not whole: ${of} were stored, for ${parts.cutReason}.`);
  }
}

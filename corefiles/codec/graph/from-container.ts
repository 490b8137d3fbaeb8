/** The graph of an open file. */

import type { Chunk } from '../../container/format.ts';
import type { ContainerReader } from '../../container/reader.ts';
import { decodeGraph } from './decode.ts';
import { BLOB_CHUNK, GRAPH_CHUNK, SEGMENT_CHUNK } from './format.ts';
import type { Graph } from './graph.ts';

/** The graph in a file, or undefined when it has none. Damage is in its and the file's warnings. */
export function readGraphFrom(container: ContainerReader): Graph | undefined {
  const found = [GRAPH_CHUNK, SEGMENT_CHUNK, BLOB_CHUNK].flatMap((type) => container.find(type));
  if (found.length === 0) return undefined;
  const chunks: Chunk[] = [];
  for (const chunk of found) {
    const raw = container.read(chunk);
    if (raw !== undefined) chunks.push({ type: chunk.type, version: chunk.version, raw });
  }
  return decodeGraph(chunks);
}

/** Values in chunks: primitives, JSON records, graphs of objects. */

export { ByteReader } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export { decodeGraph } from './graph/decode.ts';
export { type EncodeOptions, encodeGraph } from './graph/encode.ts';
export type { Graph, GraphObject } from './graph/graph.ts';
export type { ObjectKind, Value } from './graph/format.ts';
export { decodeJson, encodeJson, type JsonRecord, type JsonValue } from './json.ts';

/** Values in chunks: primitives, JSON records, graphs of objects. */

export { ByteReader } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export { functionName, isHostField, kindOf, TypeNames, viewRange } from './graph/classify.ts';
export { decodeGraph } from './graph/decode.ts';
export { type EncodeOptions, encodeGraph } from './graph/encode.ts';
export type { Graph } from './graph/graph.ts';
export type { GraphObject } from './graph/stored-object.ts';
export type { ObjectKind, Value } from './graph/format.ts';
export { readGraphFrom } from './graph/from-container.ts';
export { decodeJson, encodeJson, type JsonRecord, type JsonValue } from './json.ts';

/**
 * A graph of objects that was read from a file, for those who ask about it.
 *
 *   const kernel = graph.object(idOf(graph.root('kernel')));
 *   for (const [name, value] of kernel.fields()) …
 *
 * Lazy: a segment is decoded when one of its objects is first asked for. Nothing recurses: a
 * reference is a number, and whoever follows references keeps track of where it has been.
 */

import { sentenceOf } from '../../errors.ts';
import type { Piece } from './blobs.ts';
import type { Column } from './column.ts';
import type { ObjectKind, Value } from './format.ts';
import { readSegment, type SegmentBody, type Table, type ValueBudget, valueAt } from './segment-reader.ts';

export interface GraphObject {
  readonly id: number;
  /** Name of its class. */
  readonly type: string;
  readonly kind: ObjectKind;
  /** Elements of an array, members of a set, entries of a map; bytes of a view or buffer. */
  readonly size: number;
  /** Named fields, in the order in which they were made. */
  fields(): Iterable<[string, Value]>;
  /** A field by name, or an element by its index; undefined when there is none. */
  get(name: string | number): Value | undefined;
  /** Elements of an array, members of a set. */
  elements(): Iterable<Value>;
  /** Entries of a map; indices and elements of a sparse array. */
  entries(): Iterable<[Value, Value]>;
  /** A copy of the bytes of a view or buffer; undefined when not all of them are in the file. */
  bytes(): Uint8Array | undefined;
}

/** A segment's bytes, until they are needed. */
export interface LazySegment {
  firstId: number;
  count: number;
  raw: Uint8Array;
  body: SegmentBody | undefined;
  /** True when it was found damaged. */
  lost: boolean;
}

/** What decodeGraph() found. */
export interface GraphParts {
  /** Objects stored, and objects numbered; Infinity when the head is lost. */
  walked: number;
  numbered: number;
  /** Why not all objects were stored, or ''. */
  cutReason: string;
  /** In the order of their first ids, without overlaps. */
  segments: LazySegment[];
  pieces: Map<number, Piece[]>;
  warnings: string[];
  budget: ValueBudget;
}

export class Graph {
  /** What is wrong with it, a sentence each; grows as damaged segments are met. */
  readonly warnings: string[];
  /** Objects that the file has. */
  readonly count: number;
  /** Objects that were seen when it was made; more than `count` when some were left out or lost. */
  readonly numbered: number;
  /** Why objects were left out when it was made, or ''. */
  readonly cutReason: string;
  private readonly parts: GraphParts;
  private types: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(parts: GraphParts) {
    this.parts = parts;
    this.warnings = parts.warnings;
    this.count = parts.segments.reduce((sum, segment) => sum + segment.count, 0);
    this.numbered = Math.max(this.count, Number.isFinite(parts.numbered) ? parts.numbered : 0);
    this.cutReason = parts.cutReason;
  }

  /** A root by name; undefined when there is none. */
  root(name: string): Value | undefined {
    return this.object(0)?.get(name);
  }

  /** Names of the roots. */
  rootNames(): string[] {
    return Array.from(this.object(0)?.fields() ?? [], ([name]) => name);
  }

  /** An object by number; undefined when it was left out or is lost. */
  object(id: number): GraphObject | undefined {
    const segment = this.segmentOf(id);
    const body = segment && this.load(segment);
    if (segment === undefined || body === undefined) return undefined;
    return new StoredObject(this, this.parts, body, id, id - segment.firstId);
  }

  /** The object that a value refers to, if it is a reference to one. */
  deref(value: Value | undefined): GraphObject | undefined {
    if (typeof value !== 'object' || value === null || value.kind !== 'ref') return undefined;
    return this.object(value.id);
  }

  /** All objects, in the order of their numbers. */
  *objects(): Iterable<GraphObject> {
    for (const { firstId, count } of this.parts.segments) {
      for (let id = firstId; id < firstId + count; id++) {
        const object = this.object(id);
        if (object !== undefined) yield object;
      }
    }
  }

  /** Numbers of the objects of each type. */
  byType(): ReadonlyMap<string, readonly number[]> {
    this.types ??= groupByType(this.parts.segments, (segment) => this.load(segment));
    return this.types;
  }

  private segmentOf(id: number): LazySegment | undefined {
    const { segments } = this.parts;
    let low = 0;
    let high = segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { firstId, count } = segments[middle];
      if (id < firstId) high = middle - 1;
      else if (id >= firstId + count) low = middle + 1;
      else return Number.isInteger(id) ? segments[middle] : undefined;
    }
    return undefined;
  }

  private load(segment: LazySegment): SegmentBody | undefined {
    if (segment.body !== undefined || segment.lost) return segment.body;
    try {
      segment.body = readSegment(segment.raw, this.parts.budget);
    } catch (error) {
      segment.lost = true;
      const which = `Objects ${segment.firstId} to ${segment.firstId + segment.count - 1}`;
      this.warnings.push(`${which} cannot be read: ${sentenceOf(error)}.`);
    }
    segment.raw = new Uint8Array(0);
    return segment.body;
  }
}

function groupByType(
  segments: LazySegment[],
  load: (segment: LazySegment) => SegmentBody | undefined,
): Map<string, number[]> {
  const types = new Map<string, number[]>();
  for (const segment of segments) {
    const body = load(segment);
    if (body === undefined) continue;
    for (let i = 0; i < segment.count; i++) {
      const { type } = body.tables[body.tableOf[i]];
      const ids = types.get(type);
      if (ids === undefined) types.set(type, [segment.firstId + i]);
      else ids.push(segment.firstId + i);
    }
  }
  return types;
}

class StoredObject implements GraphObject {
  readonly id: number;
  private readonly graph: Graph;
  private readonly parts: GraphParts;
  private readonly body: SegmentBody;
  private readonly table: Table;
  private readonly row: number;

  constructor(graph: Graph, parts: GraphParts, body: SegmentBody, id: number, index: number) {
    this.id = id;
    this.graph = graph;
    this.parts = parts;
    this.body = body;
    this.table = body.tables[body.tableOf[index]];
    this.row = body.rowOf[index];
  }

  get type(): string {
    return this.table.type;
  }

  get kind(): ObjectKind {
    return this.table.kind;
  }

  get size(): number {
    const { kind } = this.table;
    if (kind === 'view' || kind === 'buffer') return numberOr0(this.get('byteLength'));
    if (kind === 'sparse') return numberOr0(this.get('length'));
    return this.end - this.start;
  }

  *fields(): Iterable<[string, Value]> {
    const { names, fields, kind } = this.table;
    for (let i = 0; i < names.length; i++) yield [names[i], this.value(fields[i], this.row)];
    if (kind !== 'dictionary') return;
    for (const [key, value] of this.pairs()) yield [keyName(key), value];
  }

  get(name: string | number): Value | undefined {
    const { names, fields, kind, elements } = this.table;
    const field = names.indexOf(String(name));
    if (field >= 0) return this.value(fields[field], this.row);
    if (kind === 'dictionary' || kind === 'sparse') {
      for (const [key, value] of this.pairs()) if (keyName(key) === String(name)) return value;
      return undefined;
    }
    const index = Number(name);
    if (kind !== 'array' || !(index >= 0) || !Number.isInteger(index)) return undefined;
    const at = this.start + index;
    return at < this.end ? this.value(elements[0], at) : undefined;
  }

  *elements(): Iterable<Value> {
    if (this.table.elements.length !== 1) return;
    for (let at = this.start; at < this.end; at++) yield this.value(this.table.elements[0], at);
  }

  *entries(): Iterable<[Value, Value]> {
    if (this.table.kind === 'map' || this.table.kind === 'sparse') yield* this.pairs();
  }

  bytes(): Uint8Array | undefined {
    const { kind } = this.table;
    if (kind === 'buffer') return bytesOf(this.parts.pieces.get(this.id), 0, this.size);
    const buffer = kind === 'view' ? this.get('buffer') : undefined;
    const object = this.graph.deref(buffer);
    if (object?.kind !== 'buffer') return undefined;
    return bytesOf(this.parts.pieces.get(object.id), numberOr0(this.get('byteOffset')), this.size);
  }

  private get start(): number {
    return this.table.starts.length === 0 ? 0 : this.table.starts[this.row];
  }

  private get end(): number {
    return this.table.starts.length === 0 ? 0 : this.table.starts[this.row + 1];
  }

  private *pairs(): Iterable<[Value, Value]> {
    const [keys, values] = this.table.elements;
    for (let at = this.start; at < this.end; at++) {
      yield [this.value(keys, at), this.value(values, at)];
    }
  }

  private value(column: Column, row: number): Value {
    return valueAt(this.body, column, row, this.parts.walked);
  }
}

function numberOr0(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function keyName(key: Value): string {
  if (typeof key !== 'object' || key === null) return String(key);
  return key.kind === 'symbol' ? `Symbol(${key.description})` : `(${key.kind})`;
}

/** Bytes `offset` to `offset + length` of a buffer, put together from its pieces. */
function bytesOf(
  pieces: Piece[] | undefined,
  offset: number,
  length: number,
): Uint8Array | undefined {
  const stored = (pieces ?? []).reduce((sum, piece) => sum + piece.bytes.length, 0);
  // Pieces do not overlap, so a length beyond them all is a lie or a loss.
  if (!Number.isInteger(length) || length < 0 || length > stored) return undefined;
  const out = new Uint8Array(length);
  let filled = 0;
  for (const piece of pieces ?? []) {
    const from = Math.max(offset, piece.offset);
    const to = Math.min(offset + length, piece.offset + piece.bytes.length);
    if (to <= from) continue;
    out.set(piece.bytes.subarray(from - piece.offset, to - piece.offset), from - offset);
    filled += to - from;
  }
  return filled === length ? out : undefined;
}

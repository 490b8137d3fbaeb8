/** One object of a graph, looked up in the table of its shape each time it is asked. */

import { bytesOf, type Piece } from './blobs.ts';
import type { Column } from './column.ts';
import type { ObjectKind, Value } from './format.ts';
import { type SegmentBody, type Table, valueAt } from './segment-reader.ts';

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

/** Where an object's values and bytes are. */
export interface ObjectPlace {
  id: number;
  body: SegmentBody;
  /** Counted from the segment's first object. */
  index: number;
  /** Ids from here on were numbered but never stored. */
  cutFrom: number;
  pieces: Map<number, Piece[]>;
  deref: (value: Value | undefined) => GraphObject | undefined;
}

export class StoredObject implements GraphObject {
  readonly id: number;
  private readonly place: ObjectPlace;
  private readonly table: Table;
  private readonly row: number;

  constructor(place: ObjectPlace) {
    this.id = place.id;
    this.place = place;
    this.table = place.body.tables[place.body.tableOf[place.index]];
    this.row = place.body.rowOf[place.index];
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
    if (kind === 'buffer') return bytesOf(this.place.pieces.get(this.id), 0, this.size);
    const buffer = kind === 'view' ? this.get('buffer') : undefined;
    const object = this.place.deref(buffer);
    if (object?.kind !== 'buffer') return undefined;
    return bytesOf(this.place.pieces.get(object.id), numberOr0(this.get('byteOffset')), this.size);
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
    return valueAt(this.place.body, column, row, this.place.cutFrom);
  }
}

function numberOr0(value: Value | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function keyName(key: Value): string {
  if (typeof key !== 'object' || key === null) return String(key);
  return key.kind === 'symbol' ? `Symbol(${key.description})` : `(${key.kind})`;
}

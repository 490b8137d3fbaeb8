/**
 * A segment being made: strings, shapes, and the rows of each shape. See FORMAT.md, "GSEG".
 *
 * Everything that a segment names is in the segment, so that it can be read when its neighbours are
 * lost, and no sooner than it is asked for.
 */

import { ByteWriter } from '../byte-writer.ts';
import { type ColumnBuilder, makeColumn, writeColumn } from './column.ts';
import {
  COLUMN_COST,
  elementColumns,
  KINDS,
  MAX_SEGMENT_TEXT_BYTES,
  type ObjectKind,
  SEGMENT_OBJECTS,
  SEGMENT_TEXT_BYTES,
  SEGMENT_VALUES,
} from './format.ts';

/** Shapes of one kind and type in a segment; more than these are stored as dictionaries. */
const MAX_SHAPES_A_TYPE = 64;

type Key = string | symbol;

/** A shape and the rows that have it so far. */
export interface ShapeRows {
  number: number;
  kind: ObjectKind;
  type: string;
  keys: readonly Key[];
  fields: ColumnBuilder[];
  /** Number of elements of each row, for the kinds that have some. */
  lengths: number[];
  elements: ColumnBuilder[];
}

export class SegmentWriter {
  readonly firstId: number;
  /** Values stored so far, elements and fields, and what their columns cost. */
  values = 0;
  private textBytes = 0;
  private readonly texts: string[] = [];
  private readonly textIndex = new Map<string, number>();
  private readonly shapes: ShapeRows[] = [];
  private readonly byType = new Map<string, ShapeRows[]>();
  private readonly shapeOf: number[] = [];

  constructor(firstId: number) {
    this.firstId = firstId;
  }

  get full(): boolean {
    if (this.shapeOf.length >= SEGMENT_OBJECTS || this.values >= SEGMENT_VALUES) return true;
    return this.textBytes >= SEGMENT_TEXT_BYTES;
  }

  /** The index of `text` among the segment's strings; -1 when there is no room for it. */
  text(text: string): number {
    const known = this.textIndex.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.byteLength(text);
    if (this.textBytes + bytes > MAX_SEGMENT_TEXT_BYTES) return -1;
    this.textBytes += bytes;
    this.textIndex.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  /** The shape with these keys, or undefined when the type has too many shapes already. */
  shape(kind: ObjectKind, type: string, keys: readonly Key[]): ShapeRows | undefined {
    const bucket = this.bucket(kind, type);
    for (const shape of bucket) if (sameKeys(shape.keys, keys)) return shape;
    return bucket.length < MAX_SHAPES_A_TYPE ? this.addShape(bucket, kind, type, keys) : undefined;
  }

  /** The shape without named fields, however many shapes the type has. */
  plainShape(kind: ObjectKind, type: string): ShapeRows {
    const bucket = this.bucket(kind, type);
    const plain = bucket.find((shape) => shape.keys.length === 0);
    return plain ?? this.addShape(bucket, kind, type, []);
  }

  /** The next object has this shape. */
  row(shape: ShapeRows): void {
    this.shapeOf.push(shape.number);
  }

  encode(): Uint8Array {
    const body = new ByteWriter();
    // Names of shapes enter the strings here, so the strings are written last and stand first.
    body.varint(this.shapes.length);
    for (const shape of this.shapes) this.writeShape(body, shape);
    for (const number of this.shapeOf) body.varint(number);
    for (const shape of this.shapes) writeRows(body, shape);
    const out = new ByteWriter();
    out.varint(this.firstId);
    out.varint(this.shapeOf.length);
    out.varint(this.texts.length);
    for (const text of this.texts) out.string(text);
    out.bytes(body.take());
    return out.take();
  }

  private writeShape(out: ByteWriter, shape: ShapeRows): void {
    out.u8(KINDS.indexOf(shape.kind));
    out.varint(this.name(shape.type));
    out.varint(shape.keys.length);
    for (const key of shape.keys) out.varint(this.name(keyText(key)));
  }

  private addShape(
    bucket: ShapeRows[],
    kind: ObjectKind,
    type: string,
    keys: readonly Key[],
  ): ShapeRows {
    const shape: ShapeRows = {
      number: this.shapes.length,
      kind,
      type,
      keys,
      fields: keys.map(makeColumn),
      lengths: [],
      elements: Array.from({ length: elementColumns(kind) }, makeColumn),
    };
    this.shapes.push(shape);
    this.values += COLUMN_COST * (shape.fields.length + shape.elements.length);
    bucket.push(shape);
    return shape;
  }

  private name(text: string): number {
    const short = this.text(text);
    return short >= 0 ? short : this.text('');
  }

  private bucket(kind: ObjectKind, type: string): ShapeRows[] {
    const name = `${kind} ${type}`;
    let bucket = this.byType.get(name);
    if (bucket === undefined) {
      bucket = [];
      this.byType.set(name, bucket);
    }
    return bucket;
  }
}

/** A symbol key is stored as the text `Symbol(description)`. */
export function keyText(key: Key): string {
  return typeof key === 'string' ? key : key.toString();
}

function sameKeys(a: readonly Key[], b: readonly Key[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function writeRows(out: ByteWriter, shape: ShapeRows): void {
  for (const length of shape.lengths) out.varint(length);
  for (const column of shape.fields) writeColumn(out, column);
  for (const column of shape.elements) writeColumn(out, column);
}

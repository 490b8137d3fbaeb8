/**
 * A segment of a graph that was read. See FORMAT.md, "GSEG".
 *
 * Its first two numbers are read at once, the rest when one of its objects is asked for.
 */

import { ByteReader } from '../byte-reader.ts';
import { type Column, readColumn, tagAt } from './column.ts';
import {
  COLUMN_COST,
  elementColumns,
  KINDS,
  MAX_BIGINT_DIGITS,
  MAX_OBJECTS,
  MAX_SEGMENT_STRINGS,
  MAX_VALUES,
  SEGMENT_OBJECTS,
  type ObjectKind,
  TAG,
  type Value,
} from './format.ts';

/** A shape, and the values of all objects that have it. */
export interface Table {
  kind: ObjectKind;
  type: string;
  names: string[];
  rows: number;
  fields: Column[];
  /** For kinds with elements: those of row r are starts[r] to starts[r + 1] in the columns. */
  starts: Float64Array;
  elements: Column[];
}

/** The contents of a segment. */
export interface SegmentBody {
  strings: string[];
  tables: Table[];
  /** Table and row of each object, counted from the segment's first. */
  tableOf: Uint32Array;
  rowOf: Uint32Array;
}

/** How many values may still be read from a graph. */
export interface ValueBudget {
  left: number;
}

export interface SegmentHead {
  firstId: number;
  count: number;
}

/** The objects that a segment has. Errors: damaged. */
export function readSegmentHead(raw: Uint8Array): SegmentHead {
  const input = new ByteReader(raw);
  const firstId = input.varint();
  const count = input.count(1, SEGMENT_OBJECTS);
  if (firstId + count > MAX_OBJECTS) input.fail(`there is no object ${firstId + count}`);
  return { firstId, count };
}

/** Everything in a segment. Errors: damaged. */
export function readSegment(raw: Uint8Array, budget: ValueBudget): SegmentBody {
  const input = new ByteReader(raw);
  input.varint();
  const count = input.count(1, SEGMENT_OBJECTS);
  const strings: string[] = [];
  for (let n = input.count(1, MAX_SEGMENT_STRINGS); n > 0; n--) strings.push(input.string());
  const tables: Table[] = [];
  for (let n = input.count(3, SEGMENT_OBJECTS); n > 0; n--) tables.push(readShape(input, strings));
  const tableOf = new Uint32Array(count);
  const rowOf = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const number = input.varint();
    if (number >= tables.length) input.fail(`there is no shape ${number}`);
    tableOf[i] = number;
    rowOf[i] = tables[number].rows++;
  }
  for (const table of tables) readRows(input, table, strings.length, budget);
  return { strings, tables, tableOf, rowOf };
}

function readShape(input: ByteReader, strings: string[]): Table {
  const kind = KINDS[input.u8()];
  if (kind === undefined) input.fail('there is no such kind of object');
  const type = stringAt(input, strings);
  const names: string[] = [];
  for (let n = input.count(1, input.left); n > 0; n--) names.push(stringAt(input, strings));
  return { kind, type, names, rows: 0, fields: [], starts: new Float64Array(0), elements: [] };
}

function stringAt(input: ByteReader, strings: string[]): string {
  const text = strings[input.varint()];
  if (text === undefined) input.fail('there is no such string');
  return text;
}

function readRows(input: ByteReader, table: Table, strings: number, budget: ValueBudget): void {
  const columns = elementColumns(table.kind);
  spend(input, budget, (table.rows + COLUMN_COST) * table.names.length + COLUMN_COST * columns);
  if (columns > 0) {
    table.starts = new Float64Array(table.rows + 1);
    for (let row = 0; row < table.rows; row++) {
      table.starts[row + 1] = table.starts[row] + input.varint();
    }
    spend(input, budget, table.starts[table.rows] * columns);
  }
  for (const _ of table.names) table.fields.push(readColumn(input, table.rows, strings));
  const total = table.starts.at(-1) ?? 0;
  for (let i = 0; i < columns; i++) table.elements.push(readColumn(input, total, strings));
}

function spend(input: ByteReader, budget: ValueBudget, values: number): void {
  budget.left -= values;
  if (!(budget.left >= 0)) input.fail(`there are more than ${MAX_VALUES} values`);
}

/** The value in one place of a column. Ids from `cutFrom` on were numbered but never stored. */
export function valueAt(body: SegmentBody, column: Column, row: number, cutFrom: number): Value {
  const tag = tagAt(column, row);
  const operand = column.operands === undefined ? 0 : column.operands[row];
  switch (tag) {
    case TAG.undefined:
      return undefined;
    case TAG.null:
      return null;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.hole:
      return { kind: 'hole' };
    case TAG.int:
    case TAG.f64:
      return operand;
    case TAG.ref:
      return operand < cutFrom ? { kind: 'ref', id: operand } : { kind: 'cut' };
    case TAG.cut:
      return { kind: 'cut' };
    default:
      return textValue(tag, body.strings[operand]);
  }
}

function textValue(tag: number, text: string): Value {
  switch (tag) {
    case TAG.string:
      return text;
    case TAG.cutString:
      return { kind: 'cut', text };
    case TAG.bigint:
      return bigintOf(text);
    case TAG.symbol:
      return { kind: 'symbol', description: text };
    case TAG.function:
      return { kind: 'function', name: text };
    default:
      return { kind: 'accessor', access: text };
  }
}

/** A bigint's hexadecimal digits may be anything in a hostile file. */
function bigintOf(text: string): Value {
  if (text.length > MAX_BIGINT_DIGITS || !/^-?[0-9a-f]+$/.test(text)) return { kind: 'cut', text };
  return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

/**
 * A column: the values of one field of all objects of one shape, or the elements of all arrays.
 *
 *   tag byte              the tag of all values, or 0xff and then a tag byte for each
 *   operands, in order    f64: 8 bytes; otherwise the difference from the last operand of the same
 *                         tag in this column (from 0 at first), as a signed varint
 *
 * A column without values has no bytes at all.
 */

import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { FIRST_OPERAND_TAG, isTextTag, LAST_TAG, MAX_OBJECTS, MIXED, TAG } from './format.ts';

/** The largest integer stored as one, so that the difference of two still fits a varint. */
export const MAX_COLUMN_INT = 2 ** 51 - 1;

/** A column being made: tags and operands in step (0 where a tag has no operand). */
export interface ColumnBuilder {
  tags: number[];
  operands: number[];
}

export function makeColumn(): ColumnBuilder {
  return { tags: [], operands: [] };
}

export function push(column: ColumnBuilder, tag: number, operand: number): void {
  column.tags.push(tag);
  column.operands.push(operand);
}

export function writeColumn(out: ByteWriter, column: ColumnBuilder): void {
  const { tags, operands } = column;
  if (tags.length === 0) return;
  const uniform = tags.every((tag) => tag === tags[0]);
  out.u8(uniform ? tags[0] : MIXED);
  if (!uniform) out.bytes(Uint8Array.from(tags));
  const last = new Array<number>(LAST_TAG + 1).fill(0);
  for (let i = 0; i < tags.length; i++) {
    const tag = tags[i];
    if (tag === TAG.f64) out.f64(operands[i]);
    else if (tag >= FIRST_OPERAND_TAG) {
      out.signed(operands[i] - last[tag]);
      last[tag] = operands[i];
    }
  }
}

/** A column that was read. Operands are absent when no tag has one. */
export interface Column {
  uniformTag: number;
  tags: Uint8Array | undefined;
  operands: Float64Array | undefined;
}

export function tagAt(column: Column, row: number): number {
  return column.tags === undefined ? column.uniformTag : column.tags[row];
}

/** Reads a column of `rows` values whose texts are among `strings`. Errors: damaged. */
export function readColumn(input: ByteReader, rows: number, strings: number): Column {
  if (rows === 0) return { uniformTag: TAG.undefined, tags: undefined, operands: undefined };
  const head = input.u8();
  const tags = head === MIXED ? input.bytes(rows) : undefined;
  if (tags === undefined && head > LAST_TAG) input.fail(`there is no value tag ${head}`);
  if (tags === undefined && head < FIRST_OPERAND_TAG) {
    return { uniformTag: head, tags, operands: undefined };
  }
  // Each operand takes a byte at least: do not allocate for more than there can be.
  if (tags === undefined && rows > input.left) input.fail('a column is longer than the data');
  const operands = new Float64Array(rows);
  const last = new Float64Array(LAST_TAG + 1);
  for (let i = 0; i < rows; i++) {
    const tag = tags === undefined ? head : tags[i];
    if (tag > LAST_TAG) input.fail(`there is no value tag ${tag}`);
    if (tag === TAG.f64) operands[i] = input.f64();
    else if (tag >= FIRST_OPERAND_TAG) {
      operands[i] = last[tag] += input.signed();
      checkOperand(input, tag, operands[i], strings);
    }
  }
  return { uniformTag: head, tags, operands };
}

function checkOperand(input: ByteReader, tag: number, operand: number, strings: number): void {
  if (tag === TAG.int) {
    if (Math.abs(operand) > MAX_COLUMN_INT) input.fail('an integer is too large');
    return;
  }
  const most = isTextTag(tag) ? strings : MAX_OBJECTS;
  if (operand < 0 || operand >= most) input.fail(`${operand} refers to nothing`);
}

/**
 * What a graph of objects is in a file. See FORMAT.md, "The object graph".
 *
 * Objects are numbered in the order in which a breadth-first walk from the roots meets them; object
 * 0 is the record of the roots. They are stored in segments that do not depend on one another. In a
 * segment, objects of one shape (kind, type, field names) are the rows of a table, and each field is
 * a column: of a million vnodes, all the reference counts stand together, as differences.
 *
 *   GRPH  how many objects, and why not all, if so
 *   GSEG  objects 0 to 16383: strings, shapes, the shape of each object, columns
 *   GSEG  objects 16384 to …
 *   GBLB  pieces of ArrayBuffers
 */

export const GRAPH_CHUNK = 'GRPH';
export const SEGMENT_CHUNK = 'GSEG';
export const BLOB_CHUNK = 'GBLB';
export const GRAPH_VERSION = 1;

/** Tags of values in columns. Those from INT on have an operand; see column.ts. */
export const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** An array element that is not there. */
  hole: 4,
  /** Left out: the budget of the walk was spent. */
  cut: 5,
  int: 6,
  f64: 7,
  string: 8,
  /** The beginning of a string that was over the limit. */
  cutString: 9,
  bigint: 10,
  symbol: 11,
  function: 12,
  accessor: 13,
  ref: 14,
} as const;

export const FIRST_OPERAND_TAG = TAG.int;
export const LAST_TAG = TAG.ref;
/** Stands for a tag where a column's tags differ and follow one by one. */
export const MIXED = 0xff;

/** True for tags whose operand is an index into the segment's strings. */
export function isTextTag(tag: number): boolean {
  return tag >= TAG.string && tag <= TAG.accessor;
}

/** What an object is, apart from its class; the index is its number in a file. */
export const KINDS = [
  'object',
  'array',
  'map',
  'set',
  /** An object used as a dictionary: keys stand with the values, not in the shape. */
  'dictionary',
  /** An array with few elements and a large length: pairs of index and element. */
  'sparse',
  'view',
  'buffer',
  /** A generator, promise, weak collection or proxy: only that it exists is known. */
  'opaque',
] as const;

export type ObjectKind = (typeof KINDS)[number];

/** Element columns of each kind: none, elements, or keys and values. */
export function elementColumns(kind: ObjectKind): 0 | 1 | 2 {
  if (kind === 'array' || kind === 'set') return 1;
  return kind === 'map' || kind === 'dictionary' || kind === 'sparse' ? 2 : 0;
}

/** A value in a core: itself where JavaScript has a harmless form of it, otherwise a description. */
export type Value =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | { kind: 'ref'; id: number }
  | { kind: 'symbol'; description: string }
  | { kind: 'function'; name: string }
  /** A property that runs code to be read, and so was not; `access` is get, set or get/set. */
  | { kind: 'accessor'; access: string }
  | { kind: 'hole' }
  /** Not stored, for want of room or time; `text` is the beginning of a long string. */
  | { kind: 'cut'; text?: string };

export const SEGMENT_OBJECTS = 16_384;
/** A segment is closed early when it holds so many values, or so many bytes of strings. */
export const SEGMENT_VALUES = 1 << 19;
export const SEGMENT_TEXT_BYTES = 2 << 20;
/** Strings after this much text in a segment (one object's) are stored as cut. */
export const MAX_SEGMENT_TEXT_BYTES = 6 << 20;
/** Elements of one array, set, map or dictionary. */
export const MAX_ELEMENTS = 500_000;
/** Digits of a bigint, in hexadecimal. */
export const MAX_BIGINT_DIGITS = 65_536;
export const BLOB_CHUNK_BYTES = 1 << 20;

/** Strings of one segment. */
export const MAX_SEGMENT_STRINGS = 4_000_000;
/** What a column costs, in values: a reader has an object and perhaps an array for each. */
export const COLUMN_COST = 32;

/** What a reader believes; a writer's budget may be smaller. */
export const MAX_OBJECTS = 2_000_000;
export const MAX_VALUES = 10_000_000;
/** Pieces of buffers. */
export const MAX_PIECES = 500_000;

/** Elements of typed arrays in a core: their bytes are in the file, the numbers are made of them. */

import type { GraphObject } from '../../codec/index.ts';

type Elements = ArrayLike<number | bigint>;
type ViewType = {
  new (buffer: ArrayBuffer, offset: number, length: number): Elements;
  readonly BYTES_PER_ELEMENT: number;
};

const VIEWS: ReadonlyMap<string, ViewType> = new Map<string, ViewType>(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((type) => [type.name, type as ViewType]),
);

/** Classes of views whose elements are bytes, whatever they are called. */
const BYTES: ViewType = Uint8Array;

function viewType(object: GraphObject): ViewType | undefined {
  if (object.kind === 'buffer' || object.type === 'Buffer') return BYTES;
  return object.kind === 'view' ? VIEWS.get(object.type) : undefined;
}

/** Elements of a typed array, or bytes of a buffer; 0 for what has no elements (a DataView). */
export function viewLength(object: GraphObject): number {
  const type = viewType(object);
  return type === undefined ? 0 : Math.floor(object.size / type.BYTES_PER_ELEMENT);
}

/** All elements, as numbers; undefined when their bytes are not in the file. */
export function viewElements(object: GraphObject): Elements | undefined {
  const type = viewType(object);
  const bytes = type === undefined ? undefined : object.bytes();
  if (type === undefined || bytes === undefined) return undefined;
  const whole = Uint8Array.from(bytes);
  return new type(whole.buffer, 0, Math.floor(whole.length / type.BYTES_PER_ELEMENT));
}

/** One of them; undefined when there is no such one. */
export function viewElement(object: GraphObject, index: number): number | bigint | undefined {
  return viewElements(object)?.[index];
}

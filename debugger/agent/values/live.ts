/**
 * Live objects in the shape that objects of a core have (GraphObject), so that one function makes
 * the text of both: `Vnode {id: 17, type: VREG, …}` reads the same in a core and in a live run.
 *
 * Differs  A live object has no number: after a re-execution it would have another, and a client
 *          would show every object as changed.
 */

import { types } from 'node:util';
import {
  describe,
  describeField,
  functionName,
  type GraphObject,
  kindOf,
  type ObjectKind,
  TypeNames,
  type Value,
  viewRange,
} from '../../../corefiles/index.ts';
import type { Handles } from './handles.ts';
import {
  byteSizeOf,
  elementAt,
  entriesFrom,
  fieldKeys,
  fieldOf,
  membersFrom,
  propertyOf,
  sizeOf,
} from './read.ts';

/** Larger ones take long to write down. */
const BIGINT_LIMIT = 1n << 4096n;
/** Characters of a string that a line may need. */
const STRING_MAX = 200;

/** Names of classes, for as long as the process lives: a class keeps its name. */
const names = new TypeNames();

/** Name of a value's class, or of its primitive type. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? names.of(value) : typeof value;
}

/** A live value in one line, as values of a core are. */
export function describeLive(handles: Handles, value: unknown): string {
  const table = new LiveTable(handles);
  return describe({ graph: table, unnumbered: true }, table.valueOf(value));
}

/** The value of a field of a class: with the kernel's name for it, if it has one. */
export function describeFieldLive(
  handles: Handles,
  type: string,
  field: string,
  value: unknown,
): string {
  const table = new LiveTable(handles);
  const source = { graph: table, unnumbered: true } as const;
  return describeField(source, type, field, table.valueOf(value));
}

/** The objects that one line of text is about. */
class LiveTable {
  readonly handles: Handles;
  readonly #objects: object[] = [];

  constructor(handles: Handles) {
    this.handles = handles;
  }

  deref(value: Value | undefined): GraphObject | undefined {
    if (typeof value !== 'object' || value === null || value.kind !== 'ref') return undefined;
    return new LiveObject(this, value.id, this.#objects[value.id]);
  }

  valueOf(value: unknown): Value {
    switch (typeof value) {
      case 'object':
        return value === null ? null : { kind: 'ref', id: this.#objects.push(value) - 1 };
      case 'function':
        return { kind: 'function', name: functionName(value).slice(0, STRING_MAX) };
      case 'symbol':
        return { kind: 'symbol', description: (value.description ?? '').slice(0, STRING_MAX) };
      case 'bigint':
        return value > BIGINT_LIMIT || value < -BIGINT_LIMIT ? { kind: 'cut' } : value;
      case 'string':
        return value.length > STRING_MAX ? value.slice(0, STRING_MAX) : value;
      default:
        return value as Value;
    }
  }
}

class LiveObject implements GraphObject {
  readonly id: number;
  readonly kind: ObjectKind;
  readonly #table: LiveTable;
  readonly #object: object;

  constructor(table: LiveTable, id: number, object: object) {
    this.#table = table;
    this.id = id;
    this.#object = object;
    this.kind = kindOf(object);
  }

  get type(): string {
    const type = names.of(this.#object);
    if (type !== 'Generator' || !types.isGeneratorObject(this.#object)) return type;
    const name = this.#table.handles.options.generatorName?.(this.#object) ?? '';
    return name === '' ? type : `${type} ${name}()`;
  }

  get size(): number {
    const { kind } = this;
    return kind === 'view' || kind === 'buffer' ? byteSizeOf(this.#object) : sizeOf(this.#object);
  }

  *fields(): Iterable<[string, Value]> {
    const keys = this.#table.handles.keys.of(this.#object, fieldKeys);
    for (const key of keys) yield [keyText(key), this.#field(key)];
  }

  get(name: string | number): Value | undefined {
    if (typeof name === 'string' && propertyOf(this.#object, name) === undefined) {
      return types.isNativeError(this.#object) && name === 'stack' ? ACCESSOR : undefined;
    }
    return this.#field(String(name));
  }

  #field(key: string | symbol): Value {
    const field = fieldOf(this.#object, key);
    if (field !== undefined) return this.#table.valueOf(field.value);
    const { get, set } = propertyOf(this.#object, key) ?? {};
    const access = set === undefined ? 'get' : 'get/set';
    return { kind: 'accessor', access: get === undefined && set !== undefined ? 'set' : access };
  }

  *elements(): Iterable<Value> {
    const object = this.#object;
    if (this.kind === 'set') {
      for (const member of membersFrom(object as Set<unknown>, 0)) {
        yield this.#table.valueOf(member);
      }
    }
    if (this.kind !== 'array') return;
    for (let i = 0; i < this.size; i++) {
      const element = elementAt(object, i);
      yield element === undefined ? HOLE : this.#table.valueOf(element.value);
    }
  }

  *entries(): Iterable<[Value, Value]> {
    if (this.kind !== 'map') return;
    for (const [key, value] of entriesFrom(this.#object as Map<unknown, unknown>, 0)) {
      yield [this.#table.valueOf(key), this.#table.valueOf(value)];
    }
  }

  bytes(): Uint8Array | undefined {
    return bytesOf(this.#object)?.slice(0, SHOWN_BYTES);
  }
}

/** Bytes that a line may show. */
const SHOWN_BYTES = 64;
const ACCESSOR: Value = { kind: 'accessor', access: 'get' };
const HOLE: Value = { kind: 'hole' };

/** The bytes of a view or buffer themselves, not a copy; undefined for anything else. */
export function bytesOf(object: object): Uint8Array | undefined {
  const kind = kindOf(object);
  if (kind === 'buffer') return new Uint8Array(object as ArrayBufferLike);
  if (kind !== 'view') return undefined;
  const { buffer, byteOffset, byteLength } = viewRange(object);
  return new Uint8Array(buffer as ArrayBufferLike, byteOffset, byteLength);
}

/** A field's name as text. */
export function keyText(key: string | symbol): string {
  return typeof key === 'symbol' ? `Symbol(${key.description ?? ''})` : key;
}

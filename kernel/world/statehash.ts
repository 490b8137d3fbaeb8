/**
 * The deep digest: a hash over everything that can be reached from a world's kernels.
 *
 * Same image, same seed, same inputs give the same digest on every host. Objects are numbered in
 * the order of the walk, so identity counts and addresses do not. Left out are what depends on the
 * image's layout or on the host: generators, functions (by name only), site numbers, the tools'
 * own records.
 */

import { Errno } from '../kern/errno.ts';
import { World } from './world.ts';

/** Fields that hold site numbers or generators. */
const STACK = ['frames', 'sites', 'site', 'fp', 'world', 'start', 'arg', 'result'];
/** Fields that only who looks at operations fills, or that only one image counts. */
const LOOKED = ['opKind', 'op', 'opSite', 'path', 'met', 'accesses'];
const SKIPPED = new Set([...STACK, ...LOOKED, 'creator', 'ordinal', 'children']);

class Hash {
  #a = 0x811c9dc5 | 0;
  #b = 0x9e3779b9 | 0;

  word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x01000193);
    this.#b = Math.imul(this.#b ^ (word + 0x7f4a7c15), 0x85ebca6b) ^ (this.#b >>> 13);
  }

  number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 0x20000000000000) {
      this.word(value | 0);
      this.word(Math.floor(value / 0x100000000));
    } else this.text(String(value));
  }

  text(text: string): void {
    this.word(text.length);
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
  }

  bytes(bytes: Uint8Array): void {
    this.word(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.word(bytes[i]);
  }

  hex(): string {
    const part = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return part(this.#a) + part(this.#b);
  }
}

/** 16 hex digits over the state of all kernels of a world. */
export function stateDigest(w: World): string {
  const hash = new Hash();
  const numbers = new Map<object, number>();
  const queue: object[] = [];
  const value = (v: unknown): void => {
    if (typeof v === 'number') hash.number(v);
    else if (typeof v === 'string') hash.text(v);
    else if (typeof v === 'object' && v !== null) reference(v);
    else hash.text(typeof v === 'function' ? `function ${v.name}` : String(v));
  };
  const reference = (o: object): void => {
    if (o instanceof World || o instanceof Error || isGenerator(o)) return;
    if (o instanceof Errno) {
      hash.word(o.errno);
      return;
    }
    let number = numbers.get(o);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(o, number);
      queue.push(o);
    }
    hash.word(number);
  };
  for (const k of w.kernels) reference(k);
  for (let i = 0; i < queue.length; i++) walk(queue[i], hash, value);
  return hash.hex();
}

function isGenerator(o: object): boolean {
  return Object.prototype.toString.call(o) === '[object Generator]';
}

function walk(o: object, hash: Hash, value: (v: unknown) => void): void {
  hash.text(o.constructor?.name ?? 'Object');
  if (ArrayBuffer.isView(o)) {
    hash.bytes(new Uint8Array(o.buffer, o.byteOffset, o.byteLength));
  } else if (o instanceof Map) {
    for (const [k, v] of o) {
      value(k);
      value(v);
    }
  } else if (o instanceof Set || Array.isArray(o)) {
    for (const v of o) value(v);
  } else {
    for (const name of Object.keys(o)) {
      if (SKIPPED.has(name)) continue;
      const property = Object.getOwnPropertyDescriptor(o, name);
      if (property === undefined || !('value' in property)) continue;
      hash.text(name);
      value(property.value);
    }
  }
}

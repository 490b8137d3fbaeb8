/**
 * JSON from foreign files.
 *
 * `JSON.parse` makes plain objects whose keys the file chose. Here they become objects without a
 * prototype, so that a key such as `__proto__` is only a key, and depth and size are limited. The
 * conversion keeps a list of what is to be done instead of calling itself.
 */

import { CoreFileError } from '../errors.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonRecord;
/** Read from a file, it has no prototype: use `Object.hasOwn(record, key)`, or just index it. */
export type JsonRecord = { [key: string]: JsonValue };

const MAX_JSON_BYTES = 1 << 20;
const MAX_JSON_DEPTH = 64;

interface Job {
  from: object;
  to: object;
  depth: number;
}

/** UTF-8 bytes of a record. Errors: invalid, for what JSON cannot say or a reader would refuse. */
export function encodeJson(record: JsonRecord): Uint8Array {
  const bytes = Buffer.from(stringify(record), 'utf8');
  if (bytes.length > MAX_JSON_BYTES) {
    const most = `the limit is ${MAX_JSON_BYTES}`;
    throw new CoreFileError('invalid', `${bytes.length} bytes of configuration: ${most}.`);
  }
  return bytes;
}

function stringify(record: JsonRecord): string {
  try {
    return JSON.stringify(record);
  } catch (error) {
    throw new CoreFileError('invalid', `The configuration is not JSON: ${String(error)}.`);
  }
}

/** The record in UTF-8 bytes. Errors: damaged. */
export function decodeJson(bytes: Uint8Array): JsonRecord {
  if (bytes.length > MAX_JSON_BYTES) throw damaged(`more than ${MAX_JSON_BYTES} bytes of JSON`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw damaged('not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw damaged('not a JSON record');
  }
  return withoutPrototypes(parsed);
}

function withoutPrototypes(root: object): JsonRecord {
  const out: JsonRecord = Object.create(null);
  const jobs: Job[] = [{ from: root, to: out, depth: 0 }];
  for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
    if (job.depth > MAX_JSON_DEPTH) throw damaged('JSON nested too deep');
    for (const [key, value] of Object.entries(job.from)) {
      // Not an assignment: in an array `key` is an index, in a record it may be anything.
      const copy = typeof value === 'object' && value !== null ? container(value) : value;
      Object.defineProperty(job.to, key, {
        value: copy,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      if (copy !== value) jobs.push({ from: value, to: copy, depth: job.depth + 1 });
    }
  }
  return out;
}

function container(like: object): object {
  return Array.isArray(like) ? [] : Object.create(null);
}

function damaged(why: string): CoreFileError {
  return new CoreFileError('damaged', why);
}

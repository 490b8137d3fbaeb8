/**
 * What a data id says: how the owner of a place is found, at which moment, and the place in it.
 *
 *   {"of": {"root": {"kind": "lwp", "id": 3}, "steps": ["proc"]}, "icount": 812, "inside": false,
 *    "key": {"kind": "field", "name": "pid"}, "byValue": false, "name": "l.proc.pid"}
 *
 * It is JSON, and means the same in every run of the same program.
 */

import { TargetError } from '../../target/target.ts';
import type { PlainKey, Trail } from '../values/index.ts';

export type DataKey =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number }
  /** An entry of a map: by its key, or if that is an object, by its place at that moment. */
  | { readonly kind: 'entry'; readonly key: PlainKey }
  | { readonly kind: 'object entry'; readonly index: number };

export interface DataId {
  /** The owner, at `icount`. */
  readonly of: Trail;
  readonly icount: number;
  /** Inside of the statement of that icount, where the target stood at a throw or a verdict. */
  readonly inside: boolean;
  readonly key: DataKey;
  /** Nothing tells of accesses: the value is compared at every statement. */
  readonly byValue: boolean;
  /** For people. */
  readonly name: string;
}

/** What an image has to be compiled for, and whose objects have to be found. */
export interface DataNeeds {
  readonly fields: readonly string[];
  readonly elements: boolean;
  /** Data ids whose objects have no number yet. */
  readonly unnamed: readonly string[];
}

/** Errors: TargetError, it is no data id. */
export function parseDataId(text: string): DataId {
  try {
    const data = JSON.parse(text) as Partial<DataId> | null;
    if (typeof data?.icount === 'number' && data.of?.root !== undefined && data.key !== undefined) {
      return data as DataId;
    }
  } catch {
    // Said below.
  }
  throw new TargetError('this names no place in the target');
}

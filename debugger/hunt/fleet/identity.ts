/** Who is who in a fleet: kernels, programs and hunts are named by hashes of what they are. */

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { siteTable } from '../../../kernel/index.ts';
import { COMPILER_VERSION, type CompiledProgram, imageIdentity } from '../../../tracer/index.ts';
import { InputError } from '../../errors.ts';
import { packageVersion } from '../../run/load.ts';
import type { RunSpec } from '../../run/spec.ts';

/** Bytes of a program, unpacked, at most. */
const PROGRAM_BYTES_MAX = 1 << 28;
const KERNEL_PREFIX = 'rumpus/kernel/';

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The kernel that this process runs programs in, with the compiler and the version: workers take
 * batches only of hunts whose kernel is the same.
 */
export function kernelId(): string {
  const newest = new Map(siteTable.modules.map(({ table }) => [table.path, table]));
  const kernel = [...newest.values()].filter(({ path }) => path.startsWith(KERNEL_PREFIX));
  kernel.sort((a, b) => (a.path < b.path ? -1 : 1));
  return sha256([packageVersion(), COMPILER_VERSION, imageIdentity(kernel)].join(' ')).slice(0, 12);
}

/** A compiled program as it travels, and the hash that names it. */
export function packProgram(compiled: CompiledProgram): { sha: string; bytes: Buffer } {
  const bytes = gzipSync(JSON.stringify(compiled));
  return { sha: sha256(bytes), bytes };
}

/** Throws InputError when the bytes are not those that the hash names, or no program. */
export function unpackProgram(sha: string, bytes: Uint8Array): CompiledProgram {
  if (sha256(bytes) !== sha) throw new InputError(`the program ${sha.slice(0, 12)} is damaged`);
  try {
    const text = gunzipSync(bytes, { maxOutputLength: PROGRAM_BYTES_MAX }).toString();
    const value = JSON.parse(text) as Partial<CompiledProgram>;
    const { entry, code, map, modules } = value;
    const texts = [entry, code, map].every((one) => typeof one === 'string');
    if (texts && Array.isArray(modules)) return value as CompiledProgram;
  } catch {
    // Said below.
  }
  throw new InputError(`what the fleet holds as program ${sha.slice(0, 12)} is none`);
}

/** What makes a hunt the same hunt: then its results so far are its results. */
export interface HuntIdentity {
  readonly kernel: string;
  /** Image identity of kernel and program. */
  readonly image: string;
  readonly program: string;
  readonly spec: RunSpec;
  /** Number of the first schedule that the fleet runs. */
  readonly from: number;
  readonly seek: 'first' | 'all';
  /** What strategies learned before; opaque. */
  readonly learned: unknown;
}

export function huntId(identity: HuntIdentity): string {
  return sha256(canonical(identity)).slice(0, 24);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

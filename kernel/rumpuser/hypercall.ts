/**
 * Hypercalls as the kernel makes them: through the world's log.
 *
 * While a world records, the host's answer is appended to `world.hypercalls`; while it replays,
 * the next answer is taken from there and the host is never touched. A replay that asks for
 * something else than was recorded has diverged, and the run ends there.
 */

import { EIO, Errno } from '../kern/errno.ts';
import * as errnos from '../kern/errno.ts';
import type { World } from '../world/world.ts';
import type { HostFile } from './rumpuser.ts';

/** One answer of the host. `kind` names the hypercall; the answer's fields depend on it. */
export interface HypercallRecord {
  readonly kind: 'clock' | 'random' | 'open' | 'read' | 'write' | 'sync';
  /** A number: the clock, a handle, a count. */
  readonly number: number;
  /** Name of the errno that was answered, or ''. */
  readonly error: string;
  /** Bytes that came in. */
  readonly bytes: Uint8Array | null;
  /** Anything else, as text: what an open found. */
  readonly text: string;
}

/** The hypercall half of a recording. */
export class HypercallLog {
  records: HypercallRecord[] = [];
  /** Position of a replay; -1 while recording. */
  next = -1;
  /** A replay that came to the end of the answers goes on recording. */
  goesOn = false;
}

function answer(
  w: World,
  kind: HypercallRecord['kind'],
  ask: () => HypercallRecord,
): HypercallRecord {
  const log = w.hypercalls;
  if (log.goesOn && log.next >= log.records.length) log.next = -1;
  if (log.next < 0) {
    const record = ask();
    log.records.push(record);
    return record;
  }
  const record = log.records[log.next];
  if (record !== undefined && record.kind === kind) {
    log.next++;
    return record;
  }
  const found = record === undefined ? 'has no further hypercall' : `has ${record.kind} there`;
  w.observer.diverged?.(`the kernel asks its host for ${kind}; the recording ${found}`);
  return { kind, number: 0, error: 'EIO', bytes: null, text: '' };
}

function errorOf(record: HypercallRecord): Errno | undefined {
  if (record.error === '') return undefined;
  const found = (errnos as Record<string, unknown>)[record.error];
  return found instanceof Errno ? found : EIO;
}

function failed(kind: HypercallRecord['kind'], error: Errno): HypercallRecord {
  return { kind, number: 0, error: error.code, bytes: null, text: '' };
}

/** The host's wall clock, ns since 1970. */
export function hypercall_clock(w: World): number {
  return answer(w, 'clock', () => ({
    kind: 'clock',
    number: w.host.clockGettime(),
    error: '',
    bytes: null,
    text: '',
  })).number;
}

/** Random bytes of the host. */
export function hypercall_getrandom(w: World, length: number): Uint8Array {
  const record = answer(w, 'random', () => ({
    kind: 'random',
    number: length,
    error: '',
    bytes: w.host.getrandom(length),
    text: '',
  }));
  return record.bytes ?? new Uint8Array(length);
}

/** Opens a host file. */
export function hypercall_open(w: World, path: string, writable: boolean): HostFile | Errno {
  const record = answer(w, 'open', () => {
    const file = w.host.open(path, writable);
    if (file instanceof Errno) return failed('open', file);
    const text = `${file.kind} ${file.writable ? 'rw' : 'ro'} ${file.sizeBytes}`;
    return { kind: 'open', number: file.handle, error: '', bytes: null, text };
  });
  const error = errorOf(record);
  if (error !== undefined) return error;
  const [kind, mode, size] = record.text.split(' ');
  return {
    handle: record.number,
    kind: kind as HostFile['kind'],
    writable: mode === 'rw',
    sizeBytes: Number(size),
  };
}

/** Closes a host file; nothing comes back, so nothing is recorded. */
export function hypercall_close(w: World, handle: number): void {
  if (w.hypercalls.next < 0) w.host.close(handle);
}

/** Reads from a host file; fewer bytes at its end. */
export function hypercall_read(
  w: World,
  handle: number,
  offset: number,
  length: number,
): Uint8Array | Errno {
  const record = answer(w, 'read', () => {
    const bytes = w.host.read(handle, offset, length);
    if (bytes instanceof Errno) return failed('read', bytes);
    return { kind: 'read', number: bytes.length, error: '', bytes, text: '' };
  });
  return errorOf(record) ?? record.bytes ?? new Uint8Array(0);
}

/** Writes to a host file. A replay writes nothing. */
export function hypercall_write(
  w: World,
  handle: number,
  offset: number,
  data: Uint8Array,
): number | Errno {
  const record = answer(w, 'write', () => {
    const count = w.host.write(handle, offset, data);
    if (count instanceof Errno) return failed('write', count);
    return { kind: 'write', number: count, error: '', bytes: null, text: '' };
  });
  return errorOf(record) ?? record.number;
}

/** Makes a host file's content durable. */
export function hypercall_sync(w: World, handle: number): Errno | undefined {
  const record = answer(w, 'sync', () => {
    const error = w.host.sync(handle);
    if (error !== undefined) return failed('sync', error);
    return { kind: 'sync', number: 0, error: '', bytes: null, text: '' };
  });
  return errorOf(record);
}

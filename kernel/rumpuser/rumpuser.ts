/**
 * Hypercalls: rumpuser(3), the only door to the host.
 *
 * What comes in through it is the only non-determinism of a run besides the schedule, so the
 * recording keeps it: a kernel calls the functions of `hypercall.ts`, which log the answers of the
 * host given here, or take them from a recording.
 *
 * All are synchronous. A host that can answer only later is asked through World.expectsHost.
 */

import type { Errno } from '../kern/errno.ts';

/** A host file opened for etfs. */
export interface HostFile {
  readonly handle: number;
  readonly sizeBytes: number;
  readonly kind: 'regular' | 'block' | 'character' | 'directory';
  readonly writable: boolean;
}

export interface Hypercalls {
  /** rumpuser_putchar: text for the host's console. */
  putstring(text: string): void;
  /** rumpuser_clock_gettime: the host's wall clock, ns since 1970. */
  clockGettime(): number;
  /** rumpuser_getrandom: `length` random bytes. */
  getrandom(length: number): Uint8Array;
  /** rumpuser_open. Errors ENOENT, EACCES, EIO. */
  open(path: string, writable: boolean): HostFile | Errno;
  /** rumpuser_close. */
  close(handle: number): void;
  /** rumpuser_bio, read: up to `length` bytes at `offset`; fewer at the end of the file. */
  read(handle: number, offset: number, length: number): Uint8Array | Errno;
  /** rumpuser_bio, write: gives the bytes written. */
  write(handle: number, offset: number, data: Uint8Array): number | Errno;
  /** rumpuser_syncfd. */
  sync(handle: number): Errno | undefined;
}

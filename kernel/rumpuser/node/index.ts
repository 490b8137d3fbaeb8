/**
 * The hypercalls on Node: rumpuser(3) with node:fs.
 *
 * The only place in kernel/ that touches the host. File names are taken relative to a base folder,
 * the program's own, so that recordings hold no absolute paths.
 */

import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { EACCES, EIO, EISDIR, ENOENT, ENOSPC, EROFS, type Errno } from '../../kern/errno.ts';
import type { HostFile, Hypercalls } from '../rumpuser.ts';

/** No descriptor. */
const CLOSED = -1;

const ERRORS: Readonly<Record<string, Errno>> = { ENOENT, EACCES, EISDIR, ENOSPC, EROFS };

function errnoOf(error: unknown): Errno {
  const code = (error as { code?: string }).code ?? '';
  return ERRORS[code] ?? EIO;
}

function kindOf(stats: Stats): HostFile['kind'] {
  if (stats.isDirectory()) return 'directory';
  if (stats.isBlockDevice()) return 'block';
  if (stats.isCharacterDevice()) return 'character';
  return 'regular';
}

export class NodeHost implements Hypercalls {
  readonly #base: string;
  readonly #print: (text: string) => void;
  /** Host descriptors by handle. The host's own numbers differ from run to run. */
  readonly #descriptors = new Map<number, number>();

  /** File names are relative to `baseFolder`; console text goes to `print`. */
  constructor(baseFolder: string, print: (text: string) => void) {
    this.#base = baseFolder;
    this.#print = print;
  }

  putstring(text: string): void {
    this.#print(text);
  }

  clockGettime(): number {
    return Date.now() * 1e6;
  }

  getrandom(length: number): Uint8Array {
    return randomFillSync(new Uint8Array(length));
  }

  open(path: string, writable: boolean): HostFile | Errno {
    try {
      const flags = writable ? constants.O_RDWR : constants.O_RDONLY;
      const descriptor = openSync(resolve(this.#base, path), flags);
      const handle = this.#descriptors.size + 1;
      this.#descriptors.set(handle, descriptor);
      const stats = fstatSync(descriptor);
      return { handle, sizeBytes: stats.size, kind: kindOf(stats), writable };
    } catch (error) {
      return errnoOf(error);
    }
  }

  close(handle: number): void {
    closeSync(this.#descriptor(handle));
    this.#descriptors.set(handle, CLOSED);
  }

  /** Closes what a run left open; the next run's handles begin at 1 again. */
  closeAll(): void {
    if (this.#descriptors.size === 0) return;
    for (const descriptor of this.#descriptors.values()) {
      if (descriptor !== CLOSED) closeSync(descriptor);
    }
    this.#descriptors.clear();
  }

  #descriptor(handle: number): number {
    return this.#descriptors.get(handle) ?? CLOSED;
  }

  read(handle: number, offset: number, length: number): Uint8Array | Errno {
    try {
      const bytes = new Uint8Array(length);
      const count = readSync(this.#descriptor(handle), bytes, 0, length, offset);
      return bytes.subarray(0, count);
    } catch (error) {
      return errnoOf(error);
    }
  }

  write(handle: number, offset: number, data: Uint8Array): number | Errno {
    try {
      return writeSync(this.#descriptor(handle), data, 0, data.length, offset);
    } catch (error) {
      return errnoOf(error);
    }
  }

  sync(handle: number): Errno | undefined {
    try {
      fsyncSync(this.#descriptor(handle));
      return undefined;
    } catch (error) {
      return errnoOf(error);
    }
  }
}

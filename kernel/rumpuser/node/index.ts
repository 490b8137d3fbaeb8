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
      const handle = openSync(resolve(this.#base, path), flags);
      const stats = fstatSync(handle);
      return { handle, sizeBytes: stats.size, kind: kindOf(stats), writable };
    } catch (error) {
      return errnoOf(error);
    }
  }

  close(handle: number): void {
    closeSync(handle);
  }

  read(handle: number, offset: number, length: number): Uint8Array | Errno {
    try {
      const bytes = new Uint8Array(length);
      const count = readSync(handle, bytes, 0, length, offset);
      return bytes.subarray(0, count);
    } catch (error) {
      return errnoOf(error);
    }
  }

  write(handle: number, offset: number, data: Uint8Array): number | Errno {
    try {
      return writeSync(handle, data, 0, data.length, offset);
    } catch (error) {
      return errnoOf(error);
    }
  }

  sync(handle: number): Errno | undefined {
    try {
      fsyncSync(handle);
      return undefined;
    } catch (error) {
      return errnoOf(error);
    }
  }
}

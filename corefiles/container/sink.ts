/**
 * Where a writer's bytes go: a file that appears whole or not at all, or memory.
 *
 * A file is written under a temporary name beside its place, readable by its owner only, and renamed
 * when it is finished. It is not synced to disk: a dead process loses nothing, a dead host may.
 */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { CoreFileError, sentenceOf } from '../errors.ts';

export interface Sink {
  write(bytes: Uint8Array): void;
  /** Forgets everything after the first `size` bytes, as after a write that failed half way. */
  truncate(size: number): void;
  finish(): void;
  abandon(): void;
}

/** Numbers the temporary files of this process. */
let temporaries = 0;

export class FileSink implements Sink {
  private readonly path: string;
  private readonly temporary: string;
  private fd: number;
  private size = 0;

  constructor(file: string) {
    this.path = file;
    const name = `.${path.basename(file)}.${process.pid}.${temporaries++}.tmp`;
    this.temporary = path.join(path.dirname(file), name);
    this.fd = this.attempt(() => fs.openSync(this.temporary, 'wx', 0o600));
  }

  write(bytes: Uint8Array): void {
    this.attempt(() => {
      let done = 0;
      while (done < bytes.length) {
        done += fs.writeSync(this.fd, bytes, done, bytes.length - done, this.size + done);
      }
    });
    this.size += bytes.length;
  }

  truncate(size: number): void {
    this.attempt(() => fs.ftruncateSync(this.fd, size));
    this.size = size;
  }

  finish(): void {
    this.close();
    try {
      this.attempt(() => fs.renameSync(this.temporary, this.path));
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  abandon(): void {
    this.close();
    fs.rmSync(this.temporary, { force: true });
  }

  private close(): void {
    if (this.fd >= 0) fs.closeSync(this.fd);
    this.fd = -1;
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      const why = (error as { code?: string }).code ?? sentenceOf(error);
      throw new CoreFileError('unwritable', `${this.path} cannot be written (${why}).`);
    }
  }
}

export class BufferSink implements Sink {
  private parts: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.parts.push(bytes);
  }

  truncate(size: number): void {
    this.parts = [this.bytes().subarray(0, size)];
  }

  finish(): void {}

  abandon(): void {
    this.parts = [];
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

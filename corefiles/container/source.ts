/** Random access to the bytes of a file or a buffer; short reads where the bytes end. */

import * as fs from 'node:fs';
import { CoreFileError, sentenceOf } from '../errors.ts';

export interface Source {
  /** How the source is called in sentences. */
  name: string;
  size: number;
  /** Up to `length` bytes from `offset`: fewer when there are no more. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** A regular file, read piece by piece. Errors: unreadable. */
export function fileSource(file: string): Source {
  try {
    // Looked at before it is opened: opening a FIFO would wait for a writer.
    if (!fs.statSync(file).isFile()) {
      throw new CoreFileError('unreadable', `${file} is not a regular file.`);
    }
    const fd = fs.openSync(file, 'r');
    return openFile(file, fd, fs.fstatSync(fd).size);
  } catch (error) {
    if (error instanceof CoreFileError) throw error;
    const why = (error as { code?: string }).code ?? sentenceOf(error);
    throw new CoreFileError('unreadable', `${file} cannot be opened (${why}).`);
  }
}

function openFile(name: string, fd: number, size: number): Source {
  let open = true;
  return {
    name,
    size,
    read(offset, length) {
      const out = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      let done = 0;
      while (open && done < out.length) {
        const n = readSome(fd, out, done, offset + done);
        if (n === 0) break;
        done += n;
      }
      return out.subarray(0, done);
    },
    close() {
      if (open) fs.closeSync(fd);
      open = false;
    },
  };
}

/** A host error (a bad block) reads as the end of the bytes: the reader reports what is missing. */
function readSome(fd: number, out: Buffer, at: number, offset: number): number {
  try {
    return fs.readSync(fd, out, at, out.length - at, offset);
  } catch {
    return 0;
  }
}

export function bufferSource(bytes: Uint8Array): Source {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    name: 'The data',
    size: all.length,
    read: (offset, length) => all.subarray(offset, offset + length),
    close() {},
  };
}

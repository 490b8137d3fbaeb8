/**
 * A host with nothing on it: no files, a clock that stands at a fixed date, no console.
 *
 * What a world has unless told otherwise; runs on it need no hypercall log.
 */

import { ENOENT, type Errno } from '../kern/errno.ts';
import { Random } from '../world/random.ts';
import type { HostFile, Hypercalls } from './rumpuser.ts';

/** 2010-08-19 00:00 UTC, ns: where virtual clocks start. */
export const EPOCH_NS = 1_282_176_000 * 1e9;

export class IsolatedHost implements Hypercalls {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  putstring(): void {}

  clockGettime(): number {
    return EPOCH_NS;
  }

  getrandom(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.next32() & 0xff);
  }

  open(): HostFile | Errno {
    return ENOENT;
  }

  close(): void {}

  read(): Uint8Array | Errno {
    return ENOENT;
  }

  write(): number | Errno {
    return ENOENT;
  }

  sync(): Errno | undefined {
    return ENOENT;
  }
}

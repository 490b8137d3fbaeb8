/**
 * The host as a seeded run sees it: its files are there, but its clock and its randomness are not.
 *
 * A run must need no more than its seed and options to be the same again, on any day and machine;
 * so the wall clock stands at a fixed date when the kernel boots, and random bytes come from the
 * seed. What files held is in the recording.
 */

import { EPOCH_NS, Random } from '../../kernel/index.ts';
import { NodeHost } from '../../kernel/rumpuser/node/index.ts';

export class SeededHost extends NodeHost {
  #random = new Random(0);

  /** To be called before each run. */
  reseed(seed: number): void {
    this.closeAll();
    this.#random = new Random(seed);
  }

  override clockGettime(): number {
    return EPOCH_NS;
  }

  override getrandom(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.next32() & 0xff);
  }
}

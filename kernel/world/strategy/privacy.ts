/**
 * What a program's LWPs share, as its runs show: a variable that was met and never shared is private,
 * and nobody needs to be asked about accesses to it. What was not met yet may be shared.
 */

import type { World } from '../world.ts';

/** Runs without news after which only every SELDOM-th is looked at. */
const QUIET_RUNS = 32;
const SELDOM = 64;

/** What can be handed to another thread. */
export interface PrivacyData {
  readonly met: readonly number[];
  readonly shared: readonly number[];
}

export class Privacy {
  #met = new Set<number>();
  #shared = new Set<number>();
  /** Those that were met and are not shared. */
  #private = new Set<number>();
  #quiet = 0;
  #runs = 0;

  isPrivate(id: number): boolean {
    return this.#private.has(id);
  }

  /** Learns from a run that has ended. */
  learn({ variables }: World): void {
    if (variables === null) return;
    if (this.#quiet >= QUIET_RUNS && ++this.#runs % SELDOM !== 0) return;
    const before = this.#met.size + this.#shared.size;
    for (let i = 0; i < variables.count; i++) {
      const v = variables.all[i];
      this.#met.add(v.id);
      if (v.shared) this.#shared.add(v.id);
      if (!this.#shared.has(v.id)) this.#private.add(v.id);
      else this.#private.delete(v.id);
    }
    this.#quiet = before === this.#met.size + this.#shared.size ? this.#quiet + 1 : 0;
  }

  data(): PrivacyData {
    return { met: [...this.#met], shared: [...this.#shared] };
  }

  load({ met, shared }: PrivacyData): void {
    this.#met = new Set(met);
    this.#shared = new Set(shared);
    this.#private = new Set(met.filter((id) => !this.#shared.has(id)));
    this.#quiet = 0;
  }
}

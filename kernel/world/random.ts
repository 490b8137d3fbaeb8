/**
 * The seeded generator behind strategies and the kernel's random numbers: xoshiro128** by Blackman
 * and Vigna (prng.di.unimi.it), seeded through splitmix32. 32-bit operations only, so every host
 * gives the same numbers.
 */

export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts again from `seed`, an integer of up to 53 bits. */
  seed(seed: number): void {
    let state = (seed ^ Math.imul(Math.floor(seed / 0x100000000), 0x9e3779b1)) | 0;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** 32 uniform bits, as an unsigned number. */
  next32(): number {
    const s = Math.imul(this.#b, 5);
    const result = Math.imul((s << 7) | (s >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** A uniform integer in [0, n), n up to 2^32, by multiplication; the bias is below n / 2^32. */
  below(n: number): number {
    return Math.floor((this.next32() * n) / 0x100000000);
  }
}

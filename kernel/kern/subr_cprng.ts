/**
 * Random numbers of a kernel: cprng(9). Follows the interface of NetBSD sys/kern/subr_cprng.c.
 *
 * Differs  Not for secrets: the generator is xoshiro128** (world/random.ts has the reference), and
 *          starts from the world's seed and the kernel's number, so that a run repeats.
 */

import { curkernel } from '../world/current.ts';
import type { Kernel } from './kernel.ts';

export class Cprng {
  a = 0;
  b = 0;
  c = 0;
  d = 0;
}

function cprng(k: Kernel): Cprng {
  k.rng ??= seeded(k.world.options.seed, k.id);
  return k.rng;
}

/** A generator whose four words come from splitmix32 over seed and kernel number. */
function seeded(seed: number, id: number): Cprng {
  const rng = new Cprng();
  const high = Math.imul(Math.floor(seed / 0x100000000), 0x9e3779b1);
  const base = (seed ^ high ^ Math.imul(id + 1, 0x85ebca6b)) | 0;
  rng.a = splitmix((base + 0x9e3779b9) | 0);
  rng.b = splitmix((base + 0x3c6ef372) | 0);
  rng.c = splitmix((base + 0xdaa66d2b) | 0);
  rng.d = splitmix((base + 0x78dde6e4) | 0) | 1;
  return rng;
}

function splitmix(state: number): number {
  let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

function rotl(x: number, count: number): number {
  return (x << count) | (x >>> (32 - count));
}

/** cprng_fast32(9): 32 random bits. */
export function cprng_fast32(): number {
  const rng = cprng(curkernel());
  const result = Math.imul(rotl(Math.imul(rng.b, 5), 7), 9);
  const t = rng.b << 9;
  rng.c ^= rng.a;
  rng.d ^= rng.b;
  rng.b ^= rng.c;
  rng.a ^= rng.d;
  rng.c ^= t;
  rng.d = rotl(rng.d, 11);
  return result >>> 0;
}

/** cprng_fast(9): fills a buffer. */
export function cprng_fast(buf: Uint8Array): number {
  for (let i = 0; i < buf.length; i++) buf[i] = cprng_fast32();
  return buf.length;
}

/** cprng_strong(9): as strong as the rest, here. */
export function cprng_strong(buf: Uint8Array): number {
  return cprng_fast(buf);
}

/** cprng_strong32(9). */
export function cprng_strong32(): number {
  return cprng_fast32();
}

/** Arithmetic that is meant to wrap or to cut, and indices that stay inside. */

import { program } from 'rumpus';

interface Hash {
  value: number;
}

export default program({ components: [], ncpu: 1 }, function* main() {
  const bytes = new Uint8Array(64);
  const hash: Hash = { value: 0x7fff_ffff };
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = i << 3;
    hash.value = (hash.value * 31 + bytes[i]) | 0;
    hash.value ^= Math.imul(hash.value, 0x85eb_ca6b) << 1;
    hash.value = (hash.value >>> 0) | 0;
  }
  const half = (bytes.length / 3) | 0;
  return [hash.value, half, ((1 << 31) >>> 0) | 0, (0xffff_ffff << 0) >>> 0];
});

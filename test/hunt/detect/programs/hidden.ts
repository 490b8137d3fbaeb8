/** What JavaScript hides: an index outside, offsets beyond 32 bits, NaN. */

import { program } from 'rumpus';

interface Disk {
  blocks: number;
  size: number;
}

export default program({ components: [], ncpu: 1 }, function* main() {
  const bytes = new Uint8Array(4);
  const disk: Disk = { blocks: 0x1_2345_6789, size: Number.NaN };
  bytes[4] = 1;
  const past = bytes[bytes.length];
  const offset = disk.blocks << 9;
  const size = disk.size | 0;
  return [past, offset, size];
});

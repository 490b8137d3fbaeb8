/** Uses a component of another file. */

import { program } from 'rumpus';
import { device, type DeviceSys } from './device.ts';

export default program({ components: [device], ncpu: 1 }, function* main(sys) {
  const disk = sys as unknown as DeviceSys;
  for (const length of [1, 4, 5]) yield* disk.transfer(length);
});

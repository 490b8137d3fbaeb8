/** A component that panics while its kernel boots, on no LWP of a program. */

import { component, type Kernel, panic, program } from 'rumpus';

function attach(k: Kernel, bus: string): void {
  const units = k.cpus.length;
  panic(`${bus} has no room for ${units} units`);
}

const bus = component({
  name: 'bus',
  boot(k) {
    attach(k, 'mainbus');
  },
});

export default program({ components: [bus], ncpu: 3 }, function* main(sys) {
  yield* sys.getpid();
});

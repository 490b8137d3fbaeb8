/** A TypeError in kernel code, with a `finally` that runs before anybody hears of it. */

import { component, done, type MaySleep, type Lwp, program, sysent, SysError } from 'rumpus';

interface Unit {
  readonly name: string;
  readonly queue: { depth: number } | null;
}

const units: readonly Unit[] = [
  { name: 'wd0', queue: { depth: 4 } },
  { name: 'wd1', queue: null },
];

function depthOf(unit: Unit): number {
  const { queue } = unit;
  return (queue as { depth: number }).depth;
}

function* sys_depth(_l: Lwp, number: number): Generator<void, number, void> {
  const tidied: number[] = [];
  try {
    return depthOf(units[number]);
  } finally {
    for (let i = 0; i < 50; i++) tidied.push(number);
  }
}

function sys_fail(): MaySleep<unknown> {
  return done(undefined);
}

const disk = component({
  name: 'disk',
  syscalls: {
    depth: sysent(0, sys_depth, ['number']),
    fail: sysent(0, sys_fail, []),
  },
});

interface DiskSys {
  depth(number: number): MaySleep<number>;
}

export default program({ components: [disk], ncpu: 1 }, function* main(sys) {
  for (let i = 0; i < 3; i++) {
    try {
      yield* sys._lwp_wait(77);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
  }
  const disks = sys as unknown as DiskSys;
  yield* disks.depth(0);
  yield* disks.depth(1);
});

/** A run stopped at an icount: every LWP with its stack. */

import { printable } from '../corefiles/index.ts';
import type { ReplayOptions } from '../debugger/index.ts';
import {
  conclude,
  current,
  type Lwp,
  unwindWorld,
  type World,
  worldTimeNs,
} from '../kernel/index.ts';
import { kernelStack, frameText, sleepingStack, type StackFrame } from '../tracer/index.ts';
import { lwpState } from './failure.ts';
import { duration, grouped } from './output.ts';

export interface Standstill {
  readonly icount: number;
  readonly virtualTimeNs: number;
  readonly lwps: readonly {
    readonly lwp: number;
    readonly name: string;
    readonly cpu: number;
    readonly state: string;
    readonly frames: readonly StackFrame[];
  }[];
}

/** Options for a replay that ends when `icount` is reached, after telling `stopped` what is. */
export function stopAt(
  options: ReplayOptions,
  icount: number,
  stopped: (stand: Standstill) => void,
): ReplayOptions {
  let world: World | null = null;
  return {
    ...options,
    prepare: (w) => {
      world = w;
      w.watchStop = icount;
    },
    observer: {
      ...options.observer,
      reached: (now) => {
        if (world === null) return;
        stopped(standstill(world, now));
        conclude(world, 'passed', '', current.lwp);
        unwindWorld();
      },
    },
  };
}

function standstill(w: World, icount: number): Standstill {
  const lwps = w.lwps.filter((l): l is Lwp => l !== null);
  return {
    icount,
    virtualTimeNs: worldTimeNs(w, icount),
    lwps: lwps.map((l) => ({
      lwp: l.id,
      name: l.name,
      cpu: l.cpu.index,
      state: lwpState(l),
      frames: l === current.lwp ? kernelStack() : sleepingStack(l),
    })),
  };
}

/** As text: a line an LWP, then its frames. */
export function standstillText(stand: Standstill): string[] {
  const { icount, virtualTimeNs, lwps } = stand;
  const lines = [`at icount ${grouped(icount)}, virtual time ${duration(virtualTimeNs)}`];
  for (const { lwp, name, cpu, state, frames } of lwps) {
    lines.push(`  LWP ${lwp} '${printable(name)}' on CPU ${cpu}: ${printable(state)}`);
    for (const frame of frames) lines.push(`    ${printable(frameText(frame))}`);
  }
  return lines;
}

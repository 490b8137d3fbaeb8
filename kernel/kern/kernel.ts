/**
 * Kernel: one virtual kernel. All of its state can be reached from this record.
 *
 * Subsystems hang their own record on a field here and build it when it is first touched, so that
 * a bare kernel boots in a microsecond. A component outside this repository uses `data`.
 */

import { publishes } from '../accesses.ts';
import type { Devices } from '../dev/conf.ts';
import type { RumpBlks } from '../dev/rumpblk.ts';
import type { BufCache } from '../vfs/vfs_bio.ts';
import type { Vfs } from '../vfs/vfs_init.ts';
import type { World } from '../world/world.ts';
import type { Component } from './component.ts';
import { Cpu } from './cpu.ts';
import type { Files } from './filedesc.ts';
import type { CalloutCpu } from './kern_callout.ts';
import type { Softints } from './kern_softint.ts';
import type { Sysctl } from './kern_sysctl.ts';
import type { Timecounter } from './kern_time.ts';
import { Lwp, LW_SYSTEM } from './lwp.ts';
import { Proc } from './proc.ts';
import type { Cprng } from './subr_cprng.ts';
import type { Kmem } from './subr_kmem.ts';

/** What a kernel is booted with; the environment knobs of rump have a field each. */
export interface KernelConfig {
  /** RUMP_NCPU: virtual CPUs, 1 to 64. */
  readonly ncpu: number;
  /** Kernel preemption: any scheduling point may give the CPU to another LWP of the same CPU. */
  readonly preempt: boolean;
  /** RUMP_THREADS: whether kernel threads may be made. */
  readonly threads: boolean;
  /** RUMP_MEMLIMIT, bytes; 0 for no limit. */
  readonly memlimitBytes: number;
  /** RUMP_VERBOSE: boot messages. */
  readonly verbose: boolean;
  /** RUMP_NVNODES: vnodes kept in memory. */
  readonly nvnodes: number;
  /** RUMP_BLKFAIL: block requests that fail, of 10,000. */
  readonly blkfail: number;
  /** RUMP_BLKFAIL_SEED. */
  readonly blkfailSeed: number;
  /** What may go wrong, as choices of the schedule: bits of world/fault.ts. */
  readonly faults: number;
  /** lockdebug: owner and order checks. */
  readonly lockdebug: boolean;
}

/** rump's defaults. */
export const DEFAULT_CONFIG: KernelConfig = {
  ncpu: 2,
  preempt: false,
  threads: true,
  memlimitBytes: 0,
  verbose: false,
  nvnodes: 1024,
  blkfail: 0,
  blkfailSeed: 0,
  faults: 0,
  lockdebug: true,
};

/** State that a subsystem keeps in a kernel. Filled in by the subsystem itself when touched. */
export class Kernel {
  world: World;
  /** 0 for the first kernel of its world. */
  id: number;
  name: string;
  config: KernelConfig;
  cpus: Cpu[] = [];
  procs = new Map<number, Proc>();
  nextPid = 1;
  proc0: Proc;
  lwp0: Lwp;
  /** The first process, whose end halts the kernel; orphans become its children. */
  initproc: Proc | null = null;
  /** Names of the components that are linked in, in the order in which they were booted. */
  components: string[] = [];
  /** The components themselves. */
  linked: readonly Component[] = [];
  /** Lines written by printf(9), newest last. */
  dmesg: string[] = [];
  halted = false;

  // A record of each subsystem that was touched; typed by its owner.
  vfs: Vfs | null = null;
  files: Files | null = null;
  kmem: Kmem | null = null;
  sysctl: Sysctl | null = null;
  callouts: CalloutCpu | null = null;
  softints: Softints | null = null;
  time: Timecounter | null = null;
  lockdebug: unknown = null;
  etfs: RumpBlks | null = null;
  bufcache: BufCache | null = null;
  rng: Cprng | null = null;
  devices: Devices | null = null;
  /** State of components by name. */
  data: Map<string, unknown> | null = null;

  constructor(world: World, id: number, name: string, config: KernelConfig, orderBase: number) {
    this.world = world;
    this.id = id;
    this.name = name;
    this.config = config;
    for (let i = 0; i < config.ncpu; i++) this.cpus.push(new Cpu(this, i, orderBase + i));
    this.proc0 = new Proc(this, 0, null, 'system');
    this.procs.set(0, this.proc0);
    this.lwp0 = new Lwp(this.proc0, this, this.cpus[0]);
    this.lwp0.flag = LW_SYSTEM;
    this.lwp0.name = 'swapper';
  }
}

// NetBSD: proc_lock.
publishes(Kernel, 'procs[]');

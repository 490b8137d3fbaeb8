/**
 * Programs: making them, and starting one in a world. Follows sys/rump/librump/rumpkern/rump.c
 * (rump_init) and NetBSD's init_main.c: boot is one ordered list.
 */

import type {
  Expectation,
  KernelHandle,
  KernelOptions,
  Main,
  ProcessHandle,
  Program,
  ProgramContext,
  ProgramOptions,
} from './api.ts';
import { done } from './hooks.ts';
import { type Component, linkOrder } from './kern/component.ts';
import { kern } from './kern/init_main.ts';
import { exit1 } from './kern/kern_exit.ts';
import { DEFAULT_CONFIG, type Kernel, type KernelConfig } from './kern/kernel.ts';
import { lwp_create, lwp_start } from './kern/kern_lwp.ts';
import { sleepq_block, sleepq_enter } from './kern/kern_sleepq.ts';
import { type Lwp, LSZOMB } from './kern/lwp.ts';
import { proc_alloc } from './kern/kern_proc.ts';
import type { SyscallTable } from './kern/syscall.ts';
import type { MaySleep } from './maysleep.ts';
import { etfs_boot } from './rumpuser/etfs.ts';
import { makeSys, type Sys } from './sys.ts';
import { tmpfs } from './fs/tmpfs/index.ts';
import type { Verdict } from './verdict.ts';
import { curlwp } from './world/current.ts';
import { onBootPath } from './world/run.ts';
import { tellJoined } from './world/tell.ts';
import { newKernel, type World } from './world/world.ts';

const DEFAULT_COMPONENTS: readonly Component[] = [tmpfs];

/** Makes a program from its options and its main function. */
export function program(options: ProgramOptions | Main, main?: Main): Program {
  if (typeof options === 'function') return { kind: 'rumpus program', options: {}, main: options };
  if (main === undefined) throw new TypeError('program() needs a main function');
  return { kind: 'rumpus program', options, main };
}

/** A verdict that is asked for; then passing is the failure. */
export function expectVerdict(verdict: Verdict, message?: RegExp): Expectation {
  return { verdict, message };
}

/** A verdict that is expected until the bug of this name is fixed. */
export function knownBug(bug: string, verdict: Verdict, message?: RegExp): Expectation {
  return { verdict, message, bug };
}

interface Linked {
  readonly components: readonly Component[];
  readonly sys: Sys;
}

/** Link orders and Sys objects by component list: a thousand boots compute them once. */
const linkedByList = new WeakMap<readonly Component[], Linked>();

function link(components: readonly Component[]): Linked {
  let linked = linkedByList.get(components);
  if (linked === undefined) {
    const order = linkOrder([kern, ...components]);
    const tables = order.map((c) => c.syscalls).filter((t) => t !== undefined);
    linked = { components: order, sys: makeSys(tables as SyscallTable[]) };
    linkedByList.set(components, linked);
  }
  return linked;
}

/** Configurations by options object, for the same reason. */
const configs = new WeakMap<KernelOptions, KernelConfig>();

function configOf(options: KernelOptions): KernelConfig {
  let config = configs.get(options);
  if (config === undefined) {
    const given = Object.entries(options).filter(
      ([name, value]) => name in DEFAULT_CONFIG && value !== undefined,
    );
    config = { ...DEFAULT_CONFIG, ...(Object.fromEntries(given) as Partial<KernelConfig>) };
    configs.set(options, config);
  }
  return config;
}

interface Booted {
  readonly kernel: Kernel;
  readonly linked: Linked;
}

/** Boots a kernel: links its components and runs their boot functions. Nothing sleeps yet. */
export function bootKernel(w: World, options: KernelOptions): Booted {
  const booted = makeKernel(w, options);
  onBootPath(w, () => bootComponents(booted.kernel));
  return booted;
}

function makeKernel(w: World, options: KernelOptions): Booted {
  const linked = link(options.components ?? DEFAULT_COMPONENTS);
  const id = w.kernels.length;
  const kernel = newKernel(
    w,
    options.name ?? (id === 0 ? 'kernel' : `kernel${id}`),
    configOf(options),
  );
  kernel.linked = linked.components;
  return { kernel, linked };
}

function bootComponents(kernel: Kernel): void {
  for (const c of kernel.linked) {
    kernel.components.push(c.name);
    c.boot?.(kernel);
  }
}

/** Boots the program's kernel and makes its main LWP runnable; runWorld() does the rest. */
export function startProgram(w: World, p: Program, args: readonly string[] = []): Kernel {
  const { kernel, linked } = makeKernel(w, p.options);
  onBootPath(w, () => {
    bootComponents(kernel);
    if (p.options.etfs !== undefined) etfs_boot(kernel, p.options.etfs);
    const proc = proc_alloc(kernel, kernel.proc0, 'init');
    kernel.initproc = proc;
    const start: Start = { kernel, linked, main: p.main, args, first: true };
    const l = lwp_create(proc, runMain, start, 'main');
    w.main = l;
    lwp_start(l);
  });
  return kernel;
}

interface Start {
  readonly kernel: Kernel;
  readonly linked: Linked;
  readonly main: Main;
  readonly args: readonly string[];
  /** The kernel's first process, which starts and stops its components. */
  readonly first: boolean;
}

function* runMain(start: Start): Generator<void, unknown, void> {
  const { kernel, linked } = start;
  if (start.first) for (const c of linked.components) if (c.start) yield* c.start(kernel);
  const result = yield* start.main(linked.sys, new Context(start.args));
  return yield* exit1(curlwp(), 0, 0, result);
}

class Context implements ProgramContext {
  readonly args: readonly string[];

  constructor(args: readonly string[]) {
    this.args = args;
  }

  boot(options: KernelOptions = {}): MaySleep<KernelHandle> {
    const w = curlwp().kernel.world;
    return done(new Handle(bootKernel(w, options)));
  }
}

class Handle implements KernelHandle {
  readonly kernel: Kernel;
  readonly #linked: Linked;
  #first = true;

  constructor(booted: { kernel: Kernel; linked: Linked }) {
    this.kernel = booted.kernel;
    this.#linked = booted.linked;
  }

  spawn(main: Main, name = 'main'): ProcessHandle {
    const proc = proc_alloc(this.kernel, this.kernel.proc0, name);
    const first = this.#first;
    if (first) this.kernel.initproc = proc;
    this.#first = false;
    const start: Start = { kernel: this.kernel, linked: this.#linked, main, args: [], first };
    const l = lwp_create(proc, runMain, start, name);
    lwp_start(l);
    return { pid: proc.pid, join: () => join(l) };
  }
}

/** Waits for an LWP of any process or kernel: a program may, lwp_wait(9) may not. */
function* join(l: Lwp): Generator<void, unknown, void> {
  while (queueUntilDead(l)) yield* sleepq_block(0, 'uninterruptible');
  tellJoined(curlwp(), l);
  return l.result;
}

/** While the LWP lives: queues for its end. Plain, so that it cannot end in between. */
function queueUntilDead(l: Lwp): boolean {
  if (l.stat === LSZOMB) return false;
  sleepq_enter(l.exitWaiters, l, 'join');
  return true;
}

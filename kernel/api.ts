/**
 * The public interface of Rumpus, as types: read this first.
 *
 * A *program* is the userland of a run. It is written with `yield*` wherever it may sleep:
 *
 *   import { program, tmpfs } from 'rumpus';
 *
 *   export default program({ components: [tmpfs], ncpu: 2 }, function* main(sys) {
 *     yield* sys.mkdir('/tmp', 0o755);
 *     const fd = yield* sys.open('/tmp/a', O_CREAT | O_RDWR, 0o644);
 *     …
 *   });
 *
 * It runs as LWPs in the same image as the kernel, so it may call any kernel function too
 * (`VOP_SETATTR`, `mutex_enter`), as rump's local clients do.
 *
 * Type tests hold the exports of `rumpus` to this file (test/kernel/api.test.ts).
 */

import type { Component } from './kern/component.ts';
import type { Kernel, KernelConfig } from './kern/kernel.ts';
import type { MaySleep } from './maysleep.ts';
import type { Sys } from './sys.ts';
import type { Verdict } from './verdict.ts';

/** The environment knobs of rump, as a program's options. RUMP_NCPU and so on set the same. */
export type Knobs = Partial<KernelConfig>;

/** How one kernel is booted. */
export interface KernelOptions extends Knobs {
  /** Components to link in, with what they require. Default: the root file system on tmpfs. */
  readonly components?: readonly Component[];
  /** Name in traces and cores. Default: `kernel`, `kernel1`… */
  readonly name?: string;
}

/** What a program says about how it is to be run; the command line overrides it. */
export interface ProgramOptions extends KernelOptions {
  /** Statements a run may take before it is a `timeout`. */
  readonly budget?: number;
  /** The verdict that this program is meant to end with; then `passed` is the failure. */
  readonly expect?: Expectation;
  /** Host files and in-memory images offered to the kernel as block devices: etfs. */
  readonly etfs?: Readonly<Record<string, EtfsSource>>;
}

/** A block device's content: a host file, relative to the program, or bytes. */
export type EtfsSource =
  | { readonly file: string; readonly writable?: boolean }
  | { readonly bytes: Uint8Array };

/** The program's entry. What it returns is nobody's business; what it throws is a finding. */
export type Main = (sys: Sys, context: ProgramContext) => MaySleep<unknown>;

/** What a program gets besides its system calls. */
export interface ProgramContext {
  /** Arguments after the program's name on the command line. */
  readonly args: readonly string[];
  /** Boots another kernel in the same world: same clock, same schedule, nothing else shared. */
  boot(options?: KernelOptions): MaySleep<KernelHandle>;
}

/** A further kernel of the world. */
export interface KernelHandle {
  readonly kernel: Kernel;
  /** Runs `main` as a new process of that kernel. */
  spawn(main: Main, name?: string): ProcessHandle;
}

/** A process started by a program. */
export interface ProcessHandle {
  readonly pid: number;
  /** Waits for its main function and gives what that returned; a throw of it ends the run. */
  join(): MaySleep<unknown>;
}

/** A verdict that is asked for. */
export interface Expectation {
  readonly verdict: Verdict;
  /** Must match the verdict's sentence. */
  readonly message?: RegExp;
  /** The known bug that this is about: `kern/43694`. */
  readonly bug?: string;
}

/** A program, ready to be run, hunted, replayed or debugged. */
export interface Program {
  readonly kind: 'rumpus program';
  readonly options: ProgramOptions;
  readonly main: Main;
}

export type { Component, ComponentOptions } from './kern/component.ts';
export type { Sys, SysExtensions } from './sys.ts';
export type { MaySleep } from './maysleep.ts';
export type { Verdict } from './verdict.ts';

/** The functions of `rumpus` itself. */
export interface Rumpus {
  program(options: ProgramOptions, main: Main): Program;
  program(main: Main): Program;
  component(options: import('./kern/component.ts').ComponentOptions): Component;
  expectVerdict(verdict: Verdict, message?: RegExp): Expectation;
  /** A known bug: the verdict is expected until the bug is fixed. */
  knownBug(bug: string, verdict: Verdict, message?: RegExp): Expectation;
}

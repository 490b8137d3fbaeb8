/** A core that was opened; what it answers is found when it is first asked. */

import type { Graph } from '../../codec/index.ts';
import type { RecordedEvents, RecordingRead } from '../../recording/types.ts';
import type { CoreHead } from '../state.ts';
import type {
  Core,
  CoreFrame,
  CoreKernel,
  CoreLock,
  CoreLwp,
  CoreProc,
  Resolved,
  WaitEdge,
} from '../types.ts';
import { readKernels } from './kernels.ts';
import { locksOf, waitsOf } from './locks.ts';
import { readLwps } from './lwps.ts';
import { type Names, resolvePath } from './path.ts';
import { readProcs } from './procs.ts';

export class OpenCore implements Core {
  readonly verdict: string;
  readonly message: string;
  readonly icount: number;
  readonly standsAt: number;
  readonly virtualTimeNs: number;
  readonly lwp: number;
  readonly about: readonly number[];
  readonly stack: readonly CoreFrame[];
  readonly recording: RecordingRead;
  readonly console: string;
  readonly events: RecordedEvents | undefined;
  readonly graph: Graph | undefined;
  readonly #missing: readonly string[];
  readonly #lines = new Map<string, readonly string[]>();
  #lwps: readonly CoreLwp[] | undefined;
  #procs: readonly CoreProc[] | undefined;
  #locks: readonly CoreLock[] | undefined;
  #kernels: readonly CoreKernel[] | undefined;

  constructor(head: CoreHead | undefined, recording: RecordingRead, graph: Graph | undefined) {
    const { end } = recording.data;
    this.recording = recording;
    this.graph = graph;
    this.console = recording.console;
    this.events = recording.events;
    this.verdict = head?.verdict || end.verdict;
    this.message = head?.message || end.message;
    this.icount = head?.icount || end.icount;
    this.standsAt = head?.standsAt || this.icount;
    this.virtualTimeNs = head?.virtualTimeNs || end.virtualTimeNs;
    this.lwp = head?.lwp ?? 0;
    this.about = head?.about ?? [];
    this.#missing = head?.missing ?? [];
    this.stack = (head?.stack ?? []).map((frame) => ({
      ...frame,
      source: this.sourceLine(frame.path, frame.lineBase1),
      locals: [],
    }));
  }

  get warnings(): readonly string[] {
    return [...this.recording.warnings, ...(this.graph?.warnings ?? []), ...this.#missing];
  }

  lwps(): readonly CoreLwp[] {
    this.#lwps ??= readLwps(this);
    return this.#lwps;
  }

  procs(): readonly CoreProc[] {
    this.#procs ??= readProcs(this);
    return this.#procs;
  }

  locks(): readonly CoreLock[] {
    this.#locks ??= locksOf(this);
    return this.#locks;
  }

  waits(): readonly WaitEdge[] {
    return waitsOf(this);
  }

  kernels(): readonly CoreKernel[] {
    this.#kernels ??= readKernels(this);
    return this.#kernels;
  }

  resolve(path: string, names?: Names): Resolved {
    return resolvePath(this, path, names);
  }

  sourceLine(path: string, lineBase1: number): string {
    let lines = this.#lines.get(path);
    if (lines === undefined) {
      const source = this.recording.sources.find((one) => one.path === path);
      lines = source?.text.split('\n') ?? [];
      this.#lines.set(path, lines);
    }
    return (lines[lineBase1 - 1] ?? '').trim();
  }
}

/**
 * The core target: a core stands at its failure, from the file alone, and goes back by being re-run.
 *
 *   const target = new CoreTarget({ core: openCore(file), file, rerun });
 *   await target.stack(target.stop.lwp);                        // out of the file
 *   await target.move({ kind: 'step', how: 'back', lwp: 3 });   // rerun(), to the failure, a step back
 *   await target.evaluate('vp.refs > 1', …);                    // by the process, from now on
 *
 * Inert    Until a move, nothing of the file runs. `rerun` gives a replay of the recording inside,
 *          or refuses in a sentence: the core is a stranger's, and nobody said that it is trusted.
 * Handles  Those of the file begin at a number that no process reaches, so they are unknown later.
 * Kept     Breakpoints, exceptions and what steps go over are handed to the re-run. It is brought to
 *          the failure without them, and the move begins there.
 */

import { copyFileSync, writeFileSync } from 'node:fs';
import type { Core } from '../../../corefiles/index.ts';
import { DEFAULT_SKIP, matches } from '../../agent/siteflags.ts';
import { SourceFiles } from '../files.ts';
import {
  type Breakpoint,
  type BreakpointRequest,
  type DataInfo,
  type EvaluateOptions,
  type ExceptionRequest,
  type Motion,
  type MoveOptions,
  type Page,
  type Stop,
  type Target,
  type TargetCapabilities,
  TargetError,
  type TargetEvents,
  type Variable,
} from '../target.ts';
import { CoreData } from './data.ts';
import { forwardRefusal } from './motions.ts';
import { frameIn, reachEnd } from './rerun.ts';
import { CoreView, type Inspection, NEEDED } from './view.ts';

export interface CoreTargetOptions {
  readonly core: Core;
  /** The file that it was read from. */
  readonly file: string;
  /** The program's file, if it is known: sources are looked for in its package. */
  readonly program?: string;
  /** Why the recording inside cannot be run again, as a sentence; '' when it can. */
  readonly refusal?: string;
  /** A target that replays the recording inside. Errors: TargetError in a sentence. */
  rerun(): Promise<Target>;
}

const READ_ONLY =
  'a core cannot be written: go back first, and what is written there starts a diversion';

export class CoreTarget implements Target {
  readonly kind = 'core';
  readonly program: string;
  readonly #options: CoreTargetOptions;
  readonly #view: CoreView;
  readonly #data: CoreData;
  #events: TargetEvents = {};
  #skip: readonly string[] = DEFAULT_SKIP;
  #ownSkip = false;
  #exceptions: ExceptionRequest | null = null;
  #requests: readonly BreakpointRequest[] = [];
  #breakpoints: readonly Breakpoint[] = [];
  #refusal: string;
  /** The re-run, once a move has left the core. */
  #process: Target | null = null;
  /** The re-run while it is brought to the failure. */
  #entering: Target | null = null;
  #moving = false;
  #interrupted = false;
  #closed = false;

  constructor(options: CoreTargetOptions) {
    const { core, file, program } = options;
    this.#options = options;
    this.program = String(core.recording.data.config['program'] ?? '');
    const near = program === undefined ? [file] : [program, file];
    const files = new SourceFiles(core.recording.sources, near);
    this.#view = new CoreView(core, files, (frame) => this.#isSkipped(frame));
    this.#data = new CoreData(this.#view);
    this.#refusal = options.refusal ?? damageOf(core);
  }

  get stop(): Stop | null {
    if (this.#moving) return null;
    return this.#process === null ? this.#view.stop : this.#process.stop;
  }

  get lastIcount(): number {
    return this.#process?.lastIcount ?? this.#options.core.icount;
  }

  get events(): TargetEvents {
    return this.#events;
  }

  set events(events: TargetEvents) {
    this.#events = events;
    for (const target of [this.#process, this.#entering]) if (target) target.events = events;
  }

  get #now(): Inspection {
    return this.#process ?? this.#view;
  }

  #isSkipped(frame: { readonly path: string; readonly function?: string }): boolean {
    return this.#skip.some((pattern) => pattern === frame.function || matches(pattern, frame.path));
  }

  capabilities(): TargetCapabilities {
    if (this.#process !== null) return this.#process.capabilities();
    const goesBack = this.#refusal === '';
    return {
      forwards: false,
      backwards: goesBack,
      writes: false,
      evaluates: false,
      holdsOthers: false,
      dataBreakpoints: goesBack,
      reason: goesBack
        ? 'a core is the end of its run: it is read only until a step back re-runs it'
        : `a core is the end of its run, and this one cannot be re-run: ${this.#refusal}`,
    };
  }

  /** Back, by a re-run. Errors: it leads past the end, or the core cannot be re-run. */
  async move(motion: Motion, options: MoveOptions = {}): Promise<Stop> {
    this.#needOpen();
    if (this.#moving) throw new TargetError('the target is moving already');
    if (this.#process !== null) {
      return this.#process.move(this.#translated(motion), options);
    }
    const refusal = forwardRefusal(motion, this.#options.core.icount);
    if (refusal !== '') throw new TargetError(refusal);
    if (motion.kind === 'step') this.#view.frames.lwp(motion.lwp);
    if (motion.kind === 'restart-frame') this.#view.frames.place(motion.frame);
    this.#moving = true;
    this.#interrupted = false;
    try {
      return await this.#leave(motion, options);
    } finally {
      this.#moving = false;
      this.#entering = null;
    }
  }

  /** Leaves the core: its recording is run again, up to the failure, and moves from there. */
  async #leave(motion: Motion, options: MoveOptions): Promise<Stop> {
    const isStopped = () => this.#interrupted || this.#closed || options.signal?.aborted === true;
    const process = await this.#rerun();
    try {
      process.events = this.#events;
      this.#entering = process;
      const { core } = this.#options;
      if (isStopped() || !(await reachEnd(process, core, options, isStopped))) {
        await process.close();
        this.#needOpen();
        return this.#view.stop;
      }
      const moved = await this.#handOver(process, motion);
      const stop = await process.move(moved, options);
      this.#needOpen();
      this.#process = process;
      return stop;
    } catch (error) {
      await process.close();
      throw error;
    }
  }

  async #rerun(): Promise<Target> {
    try {
      return await this.#options.rerun();
    } catch (error) {
      if (error instanceof TargetError) this.#refusal = error.message;
      throw error;
    }
  }

  /** Tells the re-run, at the failure, what it has to know; gives the motion as it knows it. */
  async #handOver(process: Target, motion: Motion): Promise<Motion> {
    await this.#data.find(process);
    if (this.#ownSkip) await process.setSkip(this.#skip);
    if (this.#exceptions !== null) await process.setExceptions(this.#exceptions);
    if (this.#requests.length > 0) {
      const before = this.#breakpoints;
      this.#breakpoints = await this.#hand(process, this.#requests);
      this.#breakpoints.forEach((breakpoint, i) => {
        const same = JSON.stringify(breakpoint) === JSON.stringify(before[i]);
        if (!same) this.#events.breakpointChanged?.(breakpoint);
      });
    }
    if (motion.kind !== 'restart-frame') return this.#translated(motion);
    const frame = await frameIn(process, this.#view.frames.place(motion.frame));
    return { ...motion, frame: frame.id };
  }

  #translated(motion: Motion): Motion {
    if (motion.kind !== 'write') return motion;
    const { dataId, description } = this.#data.translated(motion.dataId);
    if (dataId === null) throw new TargetError(description);
    return { ...motion, dataId };
  }

  async interrupt(): Promise<void> {
    if (this.#process !== null) return this.#process.interrupt();
    if (!this.#moving) return;
    this.#interrupted = true;
    await this.#entering?.interrupt();
  }

  async setBreakpoints(requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    this.#requests = requests;
    this.#breakpoints =
      this.#process === null
        ? requests.map((request) => this.#view.sites.verify(request))
        : await this.#hand(this.#process, requests);
    return this.#breakpoints;
  }

  /** Sets breakpoints of a re-run; those that it cannot know are answered here. */
  async #hand(process: Target, requests: readonly BreakpointRequest[]): Promise<Breakpoint[]> {
    const answers = new Map<number, Breakpoint>();
    const known: BreakpointRequest[] = [];
    for (const request of requests) {
      const { id, at } = request;
      if (at.kind === 'source') {
        known.push({ ...request, at: { ...at, path: this.#view.files.pathOf(at.path) } });
      } else if (at.kind === 'data') {
        const { dataId, description: message } = this.#data.translated(at.dataId);
        if (dataId !== null) known.push({ ...request, at: { ...at, dataId } });
        else answers.set(id, { id, verified: false, place: null, message });
      } else known.push(request);
    }
    for (const breakpoint of await process.setBreakpoints(known)) {
      answers.set(breakpoint.id, breakpoint);
    }
    return requests.flatMap(({ id }) => answers.get(id) ?? []);
  }

  async setExceptions(request: ExceptionRequest): Promise<void> {
    this.#exceptions = request;
    await this.#process?.setExceptions(request);
  }

  async setSkip(patterns: readonly string[]): Promise<void> {
    this.#skip = patterns;
    this.#ownSkip = true;
    await this.#process?.setSkip(patterns);
  }

  breakpointPlaces(path: string, fromLineBase1: number, toLineBase1: number) {
    return this.#now.breakpointPlaces(path, fromLineBase1, toLineBase1);
  }

  stepTargets(frame: number) {
    return this.#now.stepTargets(frame);
  }

  lwps() {
    return this.#now.lwps();
  }

  stack(lwp: number) {
    return this.#now.stack(lwp);
  }

  scopes(frame: number) {
    return this.#now.scopes(frame);
  }

  variables(handle: number, page?: Page) {
    return this.#now.variables(handle, page);
  }

  evaluate(expression: string, options: EvaluateOptions) {
    return this.#now.evaluate(expression, options);
  }

  async setVariable(handle: number, name: string, expression: string): Promise<Variable> {
    if (this.#process === null) throw new TargetError(READ_ONLY);
    return this.#process.setVariable(handle, name, expression);
  }

  async setExpression(expression: string, value: string, frame?: number): Promise<Variable> {
    if (this.#process === null) throw new TargetError(READ_ONLY);
    return this.#process.setExpression(expression, value, frame);
  }

  completions(text: string, columnBase0: number, frame?: number) {
    return this.#now.completions(text, columnBase0, frame);
  }

  async dataInfo(name: string, handle?: number, frame?: number): Promise<DataInfo> {
    if (this.#process !== null) return this.#process.dataInfo(name, handle, frame);
    if (this.#refusal === '') return this.#data.info(name, handle, frame);
    return { dataId: null, description: this.#refusal, accesses: [] };
  }

  readMemory(memory: string, offset: number, count: number) {
    return this.#now.readMemory(memory, offset, count);
  }

  async writeMemory(memory: string, offset: number, bytes: Uint8Array): Promise<number> {
    if (this.#process === null) throw new TargetError(READ_ONLY);
    return this.#process.writeMemory(memory, offset, bytes);
  }

  async exact(): Promise<void> {
    if (this.#process?.exact === undefined) {
      throw new TargetError('a core has no more than was captured; step back, and it is run again');
    }
    await this.#process.exact();
  }

  sources() {
    return this.#now.sources();
  }

  sourceText(path: string) {
    return this.#now.sourceText(path);
  }

  modules() {
    return this.#now.modules();
  }

  state() {
    return this.#now.state();
  }

  trace(count: number) {
    return this.#now.trace(count);
  }

  why() {
    return this.#now.why();
  }

  async saveCore(file: string): Promise<void> {
    if (this.#process !== null) return this.#process.saveCore(file);
    saved(file, () => copyFileSync(this.#options.file, file));
  }

  async saveRecording(file: string): Promise<void> {
    if (this.#process !== null) return this.#process.saveRecording(file);
    const bytes = this.#view.recording();
    saved(file, () => writeFileSync(file, bytes));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = [this.#process, this.#entering];
    await Promise.all(open.map((target) => target?.close()));
  }

  #needOpen(): void {
    if (this.#closed) throw new TargetError('the target is closed');
  }
}

function damageOf(core: Core): string {
  const lost = core.recording.missing.filter((part) => NEEDED.has(part));
  return lost.length === 0
    ? ''
    : `the recording in this core is damaged (${lost.join(', ')} missing)`;
}

function saved(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TargetError(`${file} cannot be written: ${why}`);
  }
}

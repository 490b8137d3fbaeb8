/**
 * ProcessTarget: a live run or a recording, in a process of its own.
 *
 *   motions.ts     which runs a motion takes      evaluate.ts   expressions, through the engine
 *   engine.ts      running, pausing, dying        connection.ts  the process and its inspector
 *   ../../agent/   what answers there
 *
 * Length  Each method of Target has one here, most of them a question to the agent.
 */

import { basename } from 'node:path';
import { type Core, openCore } from '../../../corefiles/index.ts';
import type { Intervention, Notice, Order, TargetOrders, Where } from '../../agent/protocol.ts';
import {
  type Breakpoint,
  type BreakpointRequest,
  type Completion,
  type DataInfo,
  type EvaluateOptions,
  type EventLine,
  type ExceptionRequest,
  type FrameInfo,
  type LwpInfo,
  type ModuleInfo,
  type Motion,
  type MoveOptions,
  type Page,
  type Scope,
  type SourceInfo,
  type SourcePlace,
  type Stop,
  type Target,
  type TargetCapabilities,
  TargetError,
  type TargetEvents,
  type TargetKind,
  type Variable,
} from '../target.ts';
import { halt, knownAt, NOT_COMPILED, watchable } from './attaching.ts';
import { Connection } from './connection.ts';
import { Engine } from './engine.ts';
import { Evaluator } from './evaluate.ts';
import { Files } from './files.ts';
import { arriveAt, moveTo } from './motions.ts';
import { isDataId, readyData, type Recompiled, refusedData } from './watching.ts';

/** What a process target is opened with. */
export interface ProcessRequest {
  readonly kind: 'live' | 'replay';
  readonly orders: TargetOrders;
  /** What people call the program. */
  readonly name: string;
}

export class ProcessTarget implements Target, Recompiled {
  readonly kind: TargetKind;
  readonly program: string;
  events: TargetEvents = {};
  readonly #engine: Engine;
  readonly #evaluator: Evaluator;
  readonly #files: Files;
  #stop: Stop | null = null;
  #lastIcount = 0;
  #moving = false;
  #breakpoints: readonly BreakpointRequest[] = [];
  #exceptions: ExceptionRequest = {};
  #skip: readonly string[] | null = null;
  /** How the process was started; null for one that was attached to. */
  #orders: TargetOrders | null = null;
  /** Data ids that are known to the process. */
  readonly #dataIds = new Set<string>();
  /** Of a process that was attached to. */
  #pid = 0;
  #closed = false;
  /** It died in a run that was written to by hand. */
  #diverted = false;

  private constructor(kind: TargetKind, name: string, file: string) {
    this.kind = kind;
    this.program = name;
    this.#engine = new Engine({
      notice: (notice) => this.#onNotice(notice),
      died: (why) => this.#onDied(why),
    });
    const live = () => this.#engine.live;
    this.#evaluator = new Evaluator(live, () => this.#engine.paused?.callFrames ?? []);
    this.#files = new Files(live, file);
  }

  /** Starts the process. Errors: TargetError, when the program cannot be loaded. */
  static async open(request: ProcessRequest): Promise<ProcessTarget> {
    const target = new ProcessTarget(request.kind, request.name, request.orders.program);
    const engine = target.#engine;
    target.#orders = request.orders;
    engine.connect(await Connection.open(request.orders, engine.listener()));
    return target;
  }

  /**
   * Attaches to a process that runs: it then stands at its next statement, or at its end; one that
   * waited for a debugger has not been started. Errors: TargetError, with why there is none.
   */
  static async attach(port: number): Promise<ProcessTarget> {
    const known = knownAt(port);
    const target = new ProcessTarget('live', basename(known.program), known.program);
    const engine = target.#engine;
    const connection = await Connection.attach(port, known.secret, engine.listener());
    engine.connect(connection);
    engine.started = true;
    try {
      const { pid, stop } = await halt(connection, engine.nextPause());
      target.#pid = pid;
      target.#arrived(stop);
    } catch (error) {
      await target.close();
      throw error;
    }
    return target;
  }

  #arrived(stop: Stop | null): void {
    this.#stop = stop;
    this.#lastIcount = Math.max(this.#lastIcount, stop?.icount ?? 0);
  }

  get stop(): Stop | null {
    return this.#moving ? null : this.#stop;
  }

  get lastIcount(): number {
    return this.#lastIcount;
  }

  /** The process, for tests that kill it. */
  get pid(): number {
    return this.#engine.pid || this.#pid;
  }

  capabilities(): TargetCapabilities {
    const live = this.kind === 'live' || this.#stop?.diverted === true;
    return {
      forwards: true,
      backwards: true,
      writes: true,
      evaluates: true,
      holdsOthers: live,
      dataBreakpoints: true,
      reason: live ? '' : 'the schedule is that of the recording, so no LWP can be held',
    };
  }

  #onNotice(notice: Notice): void {
    if (notice.kind === 'output') this.events.output?.(notice.line);
  }

  #onDied(why: string): void {
    this.#diverted = this.#stop?.diverted === true;
    this.#stop = null;
    this.events.died?.(why);
  }

  // Moving.

  async move(motion: Motion, options: MoveOptions = {}): Promise<Stop> {
    const engine = this.#engine;
    void engine.live;
    if (this.#moving) throw new TargetError('it is moving already; wait, or interrupt it');
    if (this.#stop === null && motion.kind !== 'start') {
      throw new TargetError('it has not been started');
    }
    if (runsAlone(motion) && !this.capabilities().holdsOthers) {
      throw new TargetError(this.capabilities().reason);
    }
    this.#moving = true;
    engine.begin();
    engine.progress = options.progress ? (done) => options.progress?.(done, 'running') : null;
    const onAbort = () => void this.interrupt().catch(() => {});
    options.signal?.addEventListener('abort', onAbort);
    try {
      if (motion.kind === 'write') await this.#readyData([motion.dataId]);
      const stop = await this.#placed(await moveTo(this, motion, options));
      this.#arrived(stop);
      return stop;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      engine.progress = null;
      this.#moving = false;
    }
  }

  /** Inside of a statement it stands where the innermost frame does. */
  async #placed(stop: Stop): Promise<Stop> {
    if (!stop.inside) return stop;
    const [frame] = await this.ask<FrameInfo[]>('stack', stop.lwp);
    if (frame === undefined) return stop;
    const { path, lineBase1, columnBase0 } = frame;
    return { ...stop, place: { path, lineBase1, columnBase0 } };
  }

  /** The present stop, while a motion is under way too. */
  get here(): Stop | null {
    return this.#stop;
  }

  get interrupted(): boolean {
    return this.#engine.interrupted;
  }

  /** One order, carried out up to its stop. */
  order(order: Order): Promise<Where> {
    return this.#engine.order(order, async () => {
      await this.ask('setExceptions', this.#exceptions);
      await this.ask('setBreakpoints', this.#breakpoints);
    });
  }

  ask<Answer>(name: string, ...parameters: readonly unknown[]): Promise<Answer> {
    return this.#engine.live.ask<Answer>(name, ...parameters);
  }

  repeat(intervention: Intervention): Promise<void> {
    return this.#evaluator.repeat(intervention);
  }

  async interrupt(): Promise<void> {
    if (this.#moving) await this.#engine.interrupt();
  }

  // Breakpoints.

  async setBreakpoints(requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    this.#breakpoints = requests.map((request) => this.#files.portable(request));
    const ids = this.#breakpoints.flatMap(({ at }) => (at.kind === 'data' ? [at.dataId] : []));
    const stands = this.#stop !== null && !this.#moving;
    const known = ids.filter(isDataId);
    const why = stands && known.length > 0 ? await this.#readyHere(known) : '';
    const set = await this.ask<readonly Breakpoint[]>('setBreakpoints', this.#breakpoints);
    return why === '' ? set : set.map((one, i) => refusedData(one, requests[i], why));
  }

  /** Gives why the data ids cannot be readied; '' when they are. */
  async #readyHere(ids: readonly string[]): Promise<string> {
    this.#moving = true;
    this.#engine.begin();
    try {
      if (await this.#readyData(ids)) this.events.renumbered?.();
      return '';
    } catch (error) {
      if (!this.#engine.isDead && error instanceof TargetError) return error.message;
      throw error;
    } finally {
      this.#moving = false;
    }
  }

  #readyData(ids: readonly string[]): Promise<boolean> {
    if (!ids.every(isDataId)) throw new TargetError('this names no place in the target');
    for (const id of ids) this.#dataIds.add(id);
    return readyData(this, [...this.#dataIds]);
  }

  async recompile(fields: readonly string[], elements: boolean): Promise<void> {
    const orders = this.#orders;
    if (orders === null) throw new TargetError(NOT_COMPILED);
    await this.#respawn({
      ...orders,
      fields: [...orders.fields, ...fields],
      elements: orders.elements || elements,
    });
  }

  /** Another process takes the place of this one, and all that belongs to the run. */
  async #respawn(wanted: TargetOrders): Promise<void> {
    const engine = this.#engine;
    const old = engine.live;
    const belongings = await old.ask<string>('belongings');
    const fresh = await Connection.open(wanted, engine.listener());
    this.#orders = wanted;
    engine.connect(fresh);
    void old.close();
    await fresh.ask('takeOver', belongings);
    if (this.#skip !== null) await fresh.ask('setSkip', this.#skip);
  }

  /** From now on the engine optimises nothing, so every frame keeps all of its variables. */
  async exact(): Promise<void> {
    this.#standing();
    const orders = this.#orders;
    if (orders === null) throw new TargetError('an attached process cannot be made to keep more');
    if (orders.exact) return;
    const here = this.#stop as Stop;
    this.#moving = true;
    this.#engine.begin();
    try {
      await this.#respawn({ ...orders, exact: true });
      this.#arrived(await this.#placed(await arriveAt(this, here)));
      this.events.renumbered?.();
    } finally {
      this.#moving = false;
    }
  }

  async setExceptions(request: ExceptionRequest): Promise<void> {
    this.#exceptions = request;
    await this.ask('setExceptions', request);
  }

  async setSkip(patterns: readonly string[]): Promise<void> {
    this.#skip = patterns;
    await this.ask('setSkip', patterns);
  }

  breakpointPlaces(path: string, from: number, to: number): Promise<readonly SourcePlace[]> {
    return this.ask('breakpointPlaces', this.#files.pathOf(path), from, to);
  }

  stepTargets(frame: number): Promise<readonly string[]> {
    return this.ask('stepTargets', frame);
  }

  // Looking.

  #standing(): void {
    void this.#engine.live;
    if (this.#moving) throw new TargetError('it is moving; stop it first');
    if (this.#stop === null) throw new TargetError('it has not been started');
  }

  async #look<Answer>(name: string, ...parameters: readonly unknown[]): Promise<Answer> {
    this.#standing();
    return this.ask<Answer>(name, ...parameters);
  }

  lwps(): Promise<readonly LwpInfo[]> {
    return this.#look('lwps');
  }

  stack(lwp: number): Promise<readonly FrameInfo[]> {
    return this.#look('stack', lwp);
  }

  scopes(frame: number): Promise<readonly Scope[]> {
    return this.#look('scopes', frame);
  }

  variables(handle: number, page: Page = {}): Promise<readonly Variable[]> {
    return this.#look('variables', handle, page);
  }

  async evaluate(expression: string, options: EvaluateOptions): Promise<Variable> {
    this.#standing();
    const value = this.#evaluator.evaluate(expression, options);
    return options.sideEffects === 'allowed' ? this.#written(value) : value;
  }

  async setVariable(handle: number, name: string, expression: string): Promise<Variable> {
    this.#standing();
    return this.#written(this.#evaluator.setVariable(handle, name, expression));
  }

  async setExpression(expression: string, value: string, frame?: number): Promise<Variable> {
    this.#standing();
    return this.#written(this.#evaluator.setExpression(expression, value, frame));
  }

  /** What was written makes this another run. */
  async #written<Answer>(writing: Promise<Answer>): Promise<Answer> {
    const answer = await writing;
    const { diverted } = (await this.ask<Where>('where')).stop;
    if (this.#stop !== null) this.#stop = { ...this.#stop, diverted };
    return answer;
  }

  async completions(text: string, column: number, frame?: number): Promise<readonly Completion[]> {
    this.#standing();
    return this.#evaluator.completions(text, column, frame ?? 0);
  }

  async dataInfo(name: string, handle = 0, frame = 0): Promise<DataInfo> {
    const info = await this.#look<DataInfo>('dataInfo', name, handle, frame);
    return this.#orders === null ? watchable(this.#engine.live, info) : info;
  }

  async readMemory(memory: string, offset: number, count: number): Promise<Uint8Array> {
    const base64 = await this.#look<string>('readMemory', memory, offset, count);
    return new Uint8Array(Buffer.from(base64, 'base64'));
  }

  async writeMemory(memory: string, offset: number, bytes: Uint8Array): Promise<number> {
    this.#standing();
    return this.#written(this.#evaluator.writeMemory(memory, offset, bytes));
  }

  // The image.

  sources(): Promise<readonly SourceInfo[]> {
    return this.#files.sources();
  }

  sourceText(path: string): Promise<string> {
    return this.#files.text(path);
  }

  modules(): Promise<readonly ModuleInfo[]> {
    return this.ask('modules');
  }

  // Whole states.

  async state(): Promise<Core> {
    const base64 = await this.#look<string>('core', true);
    return openCore(new Uint8Array(Buffer.from(base64, 'base64')));
  }

  trace(count: number): Promise<readonly EventLine[]> {
    return this.#look('trace', count);
  }

  async why(): Promise<string> {
    return this.#look('why');
  }

  async saveCore(file: string): Promise<void> {
    await this.#files.write(file, await this.#look<string>('core', true));
  }

  async saveRecording(file: string): Promise<void> {
    if (this.#engine.isDead) await this.#rescueRecording(file);
    else await this.#files.write(file, await this.#look<string>('recording'));
  }

  /** The process is gone, but its run can be made again: as far as it is known to have come. */
  async #rescueRecording(file: string): Promise<void> {
    const orders = this.#orders;
    if (orders === null || this.#closed) throw new TargetError('the process is gone');
    if (this.#diverted) throw new TargetError('the process is gone, and what was written in it');
    const again = await ProcessTarget.open({ kind: 'live', name: this.program, orders });
    try {
      await again.move({ kind: 'start' });
      if (this.#lastIcount > 0) await again.move({ kind: 'goto', icount: this.#lastIcount });
      await again.saveRecording(file);
    } finally {
      await again.close();
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#engine.close();
  }

  async terminate(): Promise<void> {
    const { isDead } = this.#engine;
    await this.close();
    if (!isDead && this.#pid !== 0) process.kill(this.#pid, 'SIGTERM');
  }
}

/** Whether a motion is of one LWP, with the others held. */
function runsAlone(motion: Motion): boolean {
  if (motion.kind === 'continue') return (motion.only ?? 0) !== 0;
  return motion.kind === 'step' && motion.only === true;
}

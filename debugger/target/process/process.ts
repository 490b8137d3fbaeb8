/**
 * ProcessTarget: a live run or a recording, in a process of its own.
 *
 *   motions.ts     which runs a motion takes      evaluate.ts   expressions, through the engine
 *   connection.ts  the process and its inspector  ../../agent/  what answers there
 */

import { basename } from 'node:path';
import type { Protocol } from 'devtools-protocol';
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
import { Connection, type ConnectionEvents } from './connection.ts';
import { Evaluator } from './evaluate.ts';
import { Files } from './files.ts';
import { moveTo } from './motions.ts';
import { isDataId, readyData, type Recompiled, refusedData } from './watching.ts';

/** Host time in which a run that is interrupted stands, unless it is inside of the engine, ms. */
const STUCK_MS = 1000;
const STUCK =
  'it is inside of a function of the engine (a regular expression, a sort, a fill…), where ' +
  'nothing is counted and nothing can stop it: it will stop at the next statement';

/** What a process target is opened with. */
export interface ProcessRequest {
  readonly kind: 'live' | 'replay';
  readonly orders: TargetOrders;
  /** What people call the program. */
  readonly name: string;
}

/** How often an engine that runs is asked to pause, ms. */
const PAUSE_MS = 50;
export class ProcessTarget implements Target, Recompiled {
  readonly kind: TargetKind;
  readonly program: string;
  events: TargetEvents = {};
  #connection: Connection | null = null;
  readonly #evaluator: Evaluator;
  readonly #files: Files;
  #stop: Stop | null = null;
  #lastIcount = 0;
  #moving = false;
  #started = false;
  #interrupted = false;
  /** The engine was let run, and was not paused since. */
  #runs = false;
  /** It is to be stopped as soon as it runs. */
  #stopsSoon = false;
  #wake: ((event: Protocol.Debugger.PausedEvent) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;
  /** The next pause of the engine that ends an order. */
  #pause: Promise<unknown> = Promise.resolve();
  #paused: Protocol.Debugger.PausedEvent | null = null;
  #breakpoints: readonly BreakpointRequest[] = [];
  #exceptions: ExceptionRequest = {};
  #skip: readonly string[] | null = null;
  /** How the process was started; null for one that was attached to. */
  #orders: TargetOrders | null = null;
  /** Data ids that are known to the process. */
  readonly #dataIds = new Set<string>();
  #dead = '';
  /** Of a process that was attached to. */
  #pid = 0;

  private constructor(kind: TargetKind, name: string, file: string) {
    this.kind = kind;
    this.program = name;
    const live = () => this.#live();
    this.#evaluator = new Evaluator(live, () => this.#paused?.callFrames ?? []);
    this.#files = new Files(live, file);
  }

  /** Starts the process. Errors: TargetError, when the program cannot be loaded. */
  static async open(request: ProcessRequest): Promise<ProcessTarget> {
    const target = new ProcessTarget(request.kind, request.name, request.orders.program);
    target.#orders = request.orders;
    target.#connection = await Connection.open(request.orders, target.#listener());
    return target;
  }

  /**
   * Attaches to a process that runs: it then stands at its next statement, or at its end; one that
   * waited for a debugger has not been started. Errors: TargetError, with why there is none.
   */
  static async attach(port: number): Promise<ProcessTarget> {
    const known = knownAt(port);
    const target = new ProcessTarget('live', basename(known.program), known.program);
    const connection = await Connection.attach(port, known.secret, target.#listener());
    target.#connection = connection;
    target.#started = true;
    try {
      const { pid, stop } = await halt(connection, target.#nextPause());
      target.#pid = pid;
      target.#arrived(stop);
    } catch (error) {
      await target.close();
      throw error;
    }
    return target;
  }

  #listener(): ConnectionEvents {
    return {
      paused: (event) => void this.#onPaused(event).catch(() => {}),
      notice: (notice) => this.#onNotice(notice),
      died: (why) => this.#onDied(why),
    };
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
    return this.#connection?.pid || this.#pid;
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

  #live(): Connection {
    if (this.#dead !== '' || this.#connection === null) throw new TargetError(this.#dead);
    return this.#connection;
  }

  // News of the process.

  async #onPaused(event: Protocol.Debugger.PausedEvent): Promise<void> {
    this.#paused = event;
    if (await this.#isOnTheWay(event)) {
      this.#connection?.resume();
      return;
    }
    const wake = this.#wake;
    this.#wake = null;
    this.#fail = null;
    wake?.(event);
  }

  #onNotice(notice: Notice): void {
    if (notice.kind === 'output') this.events.output?.(notice.line);
  }

  #onDied(why: string): void {
    this.#dead = why;
    this.#stop = null;
    this.#giveUp(why);
    this.events.died?.(why);
  }

  /** No pause will come any more. */
  #giveUp(why: string): void {
    const fail = this.#fail;
    this.#wake = null;
    this.#fail = null;
    fail?.(new TargetError(why));
  }

  #nextPause(): Promise<Protocol.Debugger.PausedEvent> {
    const pause = new Promise<Protocol.Debugger.PausedEvent>((wake, fail) => {
      this.#wake = wake;
      this.#fail = fail;
    });
    // Who waits for it may fail before that, of the same cause.
    pause.catch(() => {});
    return pause;
  }

  // Moving.

  async move(motion: Motion, options: MoveOptions = {}): Promise<Stop> {
    this.#live();
    if (this.#moving) throw new TargetError('it is moving already; wait, or interrupt it');
    if (this.#stop === null && motion.kind !== 'start') {
      throw new TargetError('it has not been started');
    }
    this.#moving = true;
    this.#interrupted = false;
    this.#stopsSoon = false;
    const onAbort = () => void this.interrupt().catch(() => {});
    options.signal?.addEventListener('abort', onAbort);
    try {
      if (motion.kind === 'write') await this.#readyData([motion.dataId]);
      const stop = await this.#placed(await moveTo(this, motion, options));
      this.#arrived(stop);
      return stop;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
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

  /** A motion that has seen it goes back where it began, or ends: that is not cut short. */
  get interrupted(): boolean {
    if (this.#interrupted) this.#stopsSoon = false;
    return this.#interrupted;
  }

  /** One order, carried out up to its stop. */
  async order(order: Order): Promise<Where> {
    const connection = this.#live();
    const pause = this.#nextPause();
    this.#pause = pause;
    if (!this.#started) {
      this.#started = true;
      await connection.ask('setExceptions', this.#exceptions);
      await connection.ask('setBreakpoints', this.#breakpoints);
      await connection.ask('order', order);
      connection.run();
    } else {
      await connection.ask('order', order);
      connection.resume();
    }
    this.#runs = true;
    if (this.#stopsSoon) await this.#stopEngine();
    await pause;
    this.#runs = false;
    return connection.ask<Where>('where');
  }

  /** The engine pauses at throws on the way, which may not be the one that is wanted. */
  async #isOnTheWay(event: Protocol.Debugger.PausedEvent): Promise<boolean> {
    if (event.reason === 'OOM') await this.ask('outOfMemory');
    if (event.reason !== 'exception' && event.reason !== 'promiseRejection') return false;
    return (await this.#live().ask<string>('atThrow')) === 'go on';
  }

  ask<Answer>(name: string, ...parameters: readonly unknown[]): Promise<Answer> {
    return this.#live().ask<Answer>(name, ...parameters);
  }

  repeat(intervention: Intervention): Promise<void> {
    return this.#evaluator.repeat(intervention);
  }

  /** Once a move. */
  async interrupt(): Promise<void> {
    if (!this.#moving || this.#interrupted) return;
    this.#interrupted = true;
    if (this.#runs) await stopped(this.#stopEngine(), this.#pause);
    else this.#stopsSoon = true;
  }

  async #stopEngine(): Promise<void> {
    this.#stopsSoon = false;
    if (this.#wake === null) return;
    const connection = this.#live();
    const original = this.#wake;
    const fail = this.#fail;
    // The engine stops anywhere; the agent then stops at the next statement. A pause that comes
    // while the engine is about to run is lost, so it is asked for again.
    const pause = () => connection.client.send('Debugger.pause').catch(() => {});
    const again = setInterval(pause, PAUSE_MS);
    await new Promise<void>((done, failed) => {
      this.#wake = (event) => {
        clearInterval(again);
        void this.#intercept(connection, event, original, fail).then(done, failed);
      };
      this.#fail = (error) => {
        clearInterval(again);
        fail?.(error);
        done();
      };
      void pause();
    });
  }

  async #intercept(
    connection: Connection,
    event: Protocol.Debugger.PausedEvent,
    wake: (event: Protocol.Debugger.PausedEvent) => void,
    fail: ((error: Error) => void) | null,
  ): Promise<void> {
    if (await connection.ask<boolean>('interrupt')) {
      this.#wake = wake;
      this.#fail = fail;
      connection.resume();
      return;
    }
    wake(event);
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
    this.#interrupted = false;
    try {
      if (await this.#readyData(ids)) this.events.renumbered?.();
      return '';
    } catch (error) {
      if (this.#dead === '' && error instanceof TargetError) return error.message;
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

  /** Another process takes the place of this one, and all that belongs to the run. */
  async recompile(fields: readonly string[], elements: boolean): Promise<void> {
    const old = this.#live();
    const orders = this.#orders;
    if (orders === null) throw new TargetError(NOT_COMPILED);
    const wanted = {
      ...orders,
      fields: [...orders.fields, ...fields],
      elements: orders.elements || elements,
    };
    const belongings = await old.ask<string>('belongings');
    const fresh = await Connection.open(wanted, this.#listener());
    this.#orders = wanted;
    this.#connection = fresh;
    this.#started = false;
    void old.close();
    await fresh.ask('takeOver', belongings);
    if (this.#skip !== null) await fresh.ask('setSkip', this.#skip);
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
    this.#live();
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
    return this.#orders === null ? watchable(this.#live(), info) : info;
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
    await this.#files.write(file, await this.#look<string>('recording'));
  }

  async close(): Promise<void> {
    this.#dead ||= 'the target was closed';
    this.#giveUp(this.#dead);
    await this.#connection?.close();
  }

  async terminate(): Promise<void> {
    const isOver = this.#dead !== '';
    await this.close();
    if (!isOver && this.#pid !== 0) process.kill(this.#pid, 'SIGTERM');
  }
}

/** Waits until an interrupted run stands. Errors: TargetError, when nothing can stop it now. */
async function stopped(stopping: Promise<void>, pause: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_never, failed) => {
    timer = setTimeout(() => failed(new TargetError(STUCK)), STUCK_MS);
  });
  const standing = stopping.then(() => pause.catch(() => {}));
  await Promise.race([standing, late]).finally(() => clearTimeout(timer));
}

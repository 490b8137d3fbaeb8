/**
 * Engine: the target's process as something that runs up to its next stop, can be interrupted on
 * the way, and may die.
 *
 *   await engine.order(order)     an order is given, the engine resumed, and its pause waited for
 *   engine.interrupt()            the engine pauses anywhere; the agent stops at the next statement
 */

import type { Protocol } from 'devtools-protocol';
import { AGENT, type Notice, type Order, type Where } from '../../agent/protocol.ts';
import { TargetError } from '../target.ts';
import type { Connection, ConnectionEvents } from './connection.ts';

/** Host time in which a run that is interrupted stands, unless it is inside of the engine, ms. */
const STUCK_MS = 1000;
const STUCK =
  'it is inside of a function of the engine (a regular expression, a sort, a fill…), where ' +
  'nothing is counted and nothing can stop it: it will stop at the next statement';
/** How often an engine that runs is asked to pause, ms. */
const PAUSE_MS = 50;
/** How often a run is asked how far it is, ms. */
const PROGRESS_MS = 250;

type Paused = Protocol.Debugger.PausedEvent;

/** What an engine tells unasked. */
export interface EngineEvents {
  notice(notice: Notice): void;
  died(why: string): void;
}

export class Engine {
  /** The pause in which it stands. */
  paused: Paused | null = null;
  /** Its program has been begun. */
  started = false;
  /** Told how far a run towards an icount is, 0 to 1. */
  progress: ((done: number) => void) | null = null;
  readonly #events: EngineEvents;
  #connection: Connection | null = null;
  #dead = '';
  #interrupted = false;
  /** It was let run, and was not paused since. */
  #runs = false;
  /** It is to be stopped as soon as it runs. */
  #stopsSoon = false;
  #wake: ((event: Paused) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;
  /** The next pause that ends an order. */
  #pause: Promise<unknown> = Promise.resolve();

  constructor(events: EngineEvents) {
    this.#events = events;
  }

  /** The connection takes the place of the one before, if there was one. */
  connect(connection: Connection): void {
    this.#connection = connection;
    this.started = false;
  }

  /** Errors: TargetError, when the process is gone. */
  get live(): Connection {
    if (this.#dead !== '' || this.#connection === null) throw new TargetError(this.#dead);
    return this.#connection;
  }

  get isDead(): boolean {
    return this.#dead !== '';
  }

  get pid(): number {
    return this.#connection?.pid ?? 0;
  }

  listener(): ConnectionEvents {
    return {
      paused: (event) => void this.#onPaused(event).catch(() => {}),
      notice: (notice) => this.#events.notice(notice),
      died: (why) => this.#onDied(why),
    };
  }

  async close(): Promise<void> {
    this.#dead ||= 'the target was closed';
    this.#giveUp(this.#dead);
    await this.#connection?.close();
  }

  // Pauses.

  async #onPaused(event: Paused): Promise<void> {
    this.paused = event;
    if (await this.#isOnTheWay(event)) {
      this.#connection?.resume();
      return;
    }
    const wake = this.#wake;
    this.#wake = null;
    this.#fail = null;
    wake?.(event);
  }

  /** The engine pauses at throws on the way, which may not be the one that is wanted. */
  async #isOnTheWay(event: Paused): Promise<boolean> {
    if (event.reason === 'OOM') await this.live.ask('outOfMemory');
    if (event.reason !== 'exception' && event.reason !== 'promiseRejection') return false;
    return (await this.live.ask<string>('atThrow')) === 'go on';
  }

  #onDied(why: string): void {
    this.#dead = why;
    this.#giveUp(why);
    this.#events.died(why);
  }

  /** No pause will come any more. */
  #giveUp(why: string): void {
    const fail = this.#fail;
    this.#wake = null;
    this.#fail = null;
    fail?.(new TargetError(why));
  }

  nextPause(): Promise<Paused> {
    const pause = new Promise<Paused>((wake, fail) => {
      this.#wake = wake;
      this.#fail = fail;
    });
    // Who waits for it may fail before that, of the same cause.
    pause.catch(() => {});
    return pause;
  }

  // Runs.

  /** A motion begins: what interrupted the one before is forgotten. */
  begin(): void {
    this.#interrupted = false;
    this.#stopsSoon = false;
  }

  /** One order, carried out up to its stop. `first` readies a program that is to be begun. */
  async order(order: Order, first: () => Promise<void>): Promise<Where> {
    const connection = this.live;
    const pause = this.nextPause();
    this.#pause = pause;
    if (this.started) {
      await connection.ask('order', order);
      connection.resume();
    } else {
      this.started = true;
      await first();
      await connection.ask('order', order);
      connection.run();
    }
    this.#runs = true;
    const watching = this.#watchProgress(connection, order);
    try {
      if (this.#stopsSoon) await this.#stop();
      await pause;
    } finally {
      clearInterval(watching);
      this.#runs = false;
    }
    return connection.ask<Where>('where');
  }

  #watchProgress(connection: Connection, { until }: Order): NodeJS.Timeout | undefined {
    const { progress } = this;
    if (progress === null || until === null) return undefined;
    return setInterval(() => {
      connection.client
        .send('Runtime.evaluate', { expression: `${AGENT}.icount()`, returnByValue: true })
        .then(({ result }) => progress(Math.min(1, Number(result.value) / until)))
        .catch(() => {});
    }, PROGRESS_MS);
  }

  /** A motion that has seen it goes back where it began, or ends: that is not cut short. */
  get interrupted(): boolean {
    if (this.#interrupted) this.#stopsSoon = false;
    return this.#interrupted;
  }

  /** Once a motion. Errors: TargetError, when nothing can stop it now. */
  async interrupt(): Promise<void> {
    if (this.#interrupted) return;
    this.#interrupted = true;
    if (this.#runs) await stopped(this.#stop(), this.#pause);
    else this.#stopsSoon = true;
  }

  async #stop(): Promise<void> {
    this.#stopsSoon = false;
    if (this.#wake === null) return;
    const connection = this.live;
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
    event: Paused,
    wake: (event: Paused) => void,
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

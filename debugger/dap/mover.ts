/**
 * Mover: the one way in which a session's target goes to another moment.
 *
 *   call.afterwards(session.mover.claim([{ kind: 'continue' }]));     // answer first, then move
 *   return stopBody(await session.mover.travel([{ kind: 'goto', icount }], call));
 *
 * From claim() on the session counts as moving, so a second request is refused at once. The move
 * itself waits until questions that were asked before are answered. Breakpoints that are set
 * meanwhile interrupt a `continue`, take effect, and let it go on (whileStanding). A move that fails
 * leaves the target where it stands, and the client is told where that is.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Motion, Stop, StopReason } from '../target/index.ts';
import { arrived, arrivedAgain, ended } from './arrival.ts';
import { DapError, sentenceFor } from './errors.ts';
import { notice } from './output.ts';
import type { Call, Session } from './session.ts';
import { threadOf } from './threads.ts';

/** Moves that can be interrupted and go on as if nothing had been. */
const RESUMABLE: ReadonlySet<Motion['kind']> = new Set(['continue', 'reverse-continue']);

/** Why a continue never stops by itself: it was interrupted before it got anywhere. */
const NOWHERE: ReadonlySet<StopReason> = new Set(['goto', 'step', 'entry']);

/** Host time, ms, after which an interruption is repeated. */
const AGAIN_MS = 100;

export interface MoveWish {
  /** What the `stopped` event gives as reason, if not the target's. */
  readonly reason?: string;
  /** Done before the target moves, with nobody else. */
  prepare?(): Promise<unknown>;
  /** Done when the target stands again, before the client hears of it. */
  settle?(): Promise<unknown>;
}

export class Mover {
  readonly #session: Session;
  #moving = false;
  /** Moves that were begun. */
  #count = 0;
  /** Ends the move that is under way. */
  #abort: AbortController | null = null;
  #current: Motion | null = null;
  #paused = false;
  #waiting: (() => Promise<void>)[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  get moving(): boolean {
    return this.#moving;
  }

  /** It moves, for the client or without its knowing. */
  get away(): boolean {
    return this.#moving || this.#abort !== null;
  }

  /** Takes the target for a move; gives what makes it. Errors: it moves already. */
  claim(motions: readonly Motion[], wish: MoveWish = {}): () => Promise<void> {
    this.#take();
    return async () => {
      try {
        await arrived(this.#session, await this.#move(motions, wish), motions, wish.reason);
      } catch (thrown) {
        await this.#failed(thrown);
      }
    };
  }

  /** Moves for a request that the client does not know to be a move, and gives where it got. */
  async travel(motions: readonly Motion[], call: Call, wish: MoveWish = {}): Promise<Stop> {
    const { target } = this.#session;
    this.#take();
    const lwp = target.stop?.lwp ?? 0;
    this.#session.tell('continued', { threadId: threadOf(lwp), allThreadsContinued: true });
    try {
      const stop = await this.#move(motions, wish, call.signal);
      await arrived(this.#session, stop, motions, wish.reason);
      return stop;
    } catch (thrown) {
      if (this.#session.phase === 'open') arrivedAgain(this.#session, sentenceFor(thrown));
      throw thrown;
    }
  }

  /** Moves for a request that has the target alone, and tells of its arrival itself. */
  async within(motion: Motion, call: Call): Promise<Stop> {
    const lwp = this.#session.target.stop?.lwp ?? 0;
    this.#take();
    this.#session.tell('continued', { threadId: threadOf(lwp), allThreadsContinued: true });
    try {
      return await this.excursion(motion, call.signal);
    } catch (thrown) {
      call.afterwards(() => arrivedAgain(this.#session, sentenceFor(thrown)));
      throw thrown;
    } finally {
      await this.#serve();
      this.#moving = false;
    }
  }

  /** Goes somewhere and back without the client seeing it; the caller has the target alone. */
  async excursion(motion: Motion, signal: AbortSignal): Promise<Stop> {
    this.#count++;
    this.#abort = new AbortController();
    const report = this.#session.progress.report(this.#abort);
    try {
      return await this.#session.target.move(motion, {
        signal: AbortSignal.any([signal, this.#abort.signal]),
        progress: (done, what) => report.update(done, what),
      });
    } finally {
      report.end();
      this.#abort = null;
    }
  }

  /** Does what needs the target to stand: now, or as soon as it can be made to. */
  async whileStanding<T>(action: () => Promise<T>): Promise<T> {
    if (!this.#moving || this.#session.gone !== '') return this.#session.gate.alone(action);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => action().then(resolve, reject));
      if (this.#current !== null && RESUMABLE.has(this.#current.kind))
        void this.#interrupt(() => this.#waiting.length === 0);
    });
  }

  /** Ends the move that is under way, because the user wants to look. */
  pause(): void {
    this.#paused = true;
    void this.#interrupt();
  }

  /**
   * Interrupts the target until it has had its effect. A long move is made of several runs, and
   * between two of them there is nothing that could be interrupted.
   */
  async #interrupt(isEnough = () => false): Promise<void> {
    const target = this.#session.anyTarget;
    const move = this.#count;
    const isDone = () => isEnough() || !this.away || this.#count !== move;
    while (!isDone() && this.#session.gone === '') {
      await Promise.race([target?.interrupt().catch(() => undefined), delay(AGAIN_MS)]);
      if (!isDone()) await delay(AGAIN_MS);
    }
  }

  #take(): void {
    if (this.#moving) throw new DapError('notStopped', 'The program runs already: pause it first.');
    this.#moving = true;
    this.#count++;
    this.#paused = false;
    this.#session.registry.clear();
  }

  async #move(
    motions: readonly Motion[],
    wish: MoveWish,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Stop> {
    const abort = new AbortController();
    this.#abort = abort;
    const both = AbortSignal.any([signal, abort.signal]);
    both.addEventListener('abort', () => void this.#interrupt());
    const report = this.#session.progress.report(abort);
    try {
      return await this.#session.gate.alone(async () => {
        try {
          await wish.prepare?.();
          return await this.#along(motions, both, (done, what) => report.update(done, what));
        } finally {
          await wish.settle?.();
          await this.#serve();
          this.#moving = false;
        }
      });
    } finally {
      this.#moving = false;
      this.#abort = null;
      this.#current = null;
      report.end();
    }
  }

  /** One motion after the other, until one gets elsewhere than was wished. */
  async #along(
    motions: readonly Motion[],
    signal: AbortSignal,
    progress: (done: number, what: string) => void,
  ): Promise<Stop> {
    const { target } = this.#session;
    let stop: Stop | null = null;
    for (const motion of motions) {
      if (stop !== null && (stop.outcome !== null || stop.reason === 'pause')) break;
      this.#current = motion;
      // What was asked for between claim() and now is done first.
      await this.#serve();
      const { stop: here } = target;
      if (here !== null && (this.#paused || signal.aborted)) return { ...here, reason: 'pause' };
      const go = async () => seen(motion, await target.move(motion, { signal, progress }));
      stop = await go();
      while (this.#waiting.length > 0 && this.#goesOn(motion, stop) && !signal.aborted) {
        await this.#serve();
        stop = await go();
      }
    }
    if (stop === null) throw new DapError('internal', 'There is nowhere to go.');
    return stop;
  }

  /** The stop is only for what waits. */
  #goesOn(motion: Motion, stop: Stop): boolean {
    return RESUMABLE.has(motion.kind) && stop.reason === 'pause' && !this.#paused;
  }

  async #serve(): Promise<void> {
    for (const action of this.#waiting.splice(0)) await action();
  }

  async #failed(thrown: unknown): Promise<void> {
    const session = this.#session;
    // That the target has died is known a little later than that its connection has.
    for (let wait = 0; wait < 2 && session.gone === ''; wait++) await delay(AGAIN_MS);
    if (session.phase !== 'open' || session.gone !== '') return;
    const sentence = sentenceFor(thrown);
    notice(session, sentence, 'important');
    if (session.target.stop === null) ended(session, 2);
    else arrivedAgain(session, sentence);
  }
}

/** The stop of a motion as the client is to see it. */
function seen(motion: Motion, stop: Stop): Stop {
  const nowhere = RESUMABLE.has(motion.kind) && NOWHERE.has(stop.reason);
  return nowhere ? { ...stop, reason: 'pause' } : stop;
}

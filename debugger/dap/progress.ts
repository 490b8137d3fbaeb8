/**
 * Progress of long moves: progressStart, progressUpdate, progressEnd, and cancel by progress id.
 *
 * A client hears of a move only when the target reports how far it is, and of each percent once.
 */

import type { Session } from './session.ts';

/** The progress of one move. */
export class Report {
  readonly #progress: Progress;
  readonly #id: string;
  readonly #abort: AbortController;
  #percent = -1;

  constructor(progress: Progress, id: string, abort: AbortController) {
    this.#progress = progress;
    this.#id = id;
    this.#abort = abort;
  }

  /** `done` goes from 0 to 1; `what` says what is being done. */
  update(done: number, what: string): void {
    const percentage = Math.max(0, Math.min(100, Math.floor(done * 100)));
    if (percentage === this.#percent) return;
    if (this.#percent < 0) this.#progress.begin(this.#id, what, percentage, this.#abort);
    else this.#progress.say('progressUpdate', { progressId: this.#id, message: what, percentage });
    this.#percent = percentage;
  }

  /** The move has ended, as it was to or not. */
  end(): void {
    if (this.#percent >= 0) this.#progress.finish(this.#id);
    this.#percent = -1;
  }
}

export class Progress {
  readonly #session: Session;
  readonly #running = new Map<string, AbortController>();
  #count = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A report for a move that `abort` would end. */
  report(abort: AbortController): Report {
    this.#count++;
    return new Report(this, `move-${this.#count}`, abort);
  }

  begin(progressId: string, what: string, percentage: number, abort: AbortController): void {
    this.#running.set(progressId, abort);
    const title = what === '' ? 'Running' : what[0].toUpperCase() + what.slice(1);
    this.say('progressStart', { progressId, title, cancellable: true, percentage });
  }

  finish(progressId: string): void {
    this.#running.delete(progressId);
    this.say('progressEnd', { progressId });
  }

  /** Ends the move behind a progress; false when there is none. */
  cancel(progressId: string): boolean {
    const abort = this.#running.get(progressId);
    abort?.abort();
    return abort !== undefined;
  }

  say(event: string, body: object): void {
    if (this.#session.client.supports('supportsProgressReporting')) this.#session.tell(event, body);
  }
}

/**
 * Gate: who may use a target now. Questions share it; what moves the target or writes to it has it
 * alone, after the questions that were asked before are answered.
 *
 * Order  First come, first served. Code inside the gate must not ask for it again.
 */

export class Gate {
  /** End of the last that has or wants the target alone. */
  #alone: Promise<unknown> = Promise.resolve();
  readonly #shared = new Set<Promise<unknown>>();

  /** Runs `body` beside other questions. */
  async share<T>(body: () => Promise<T>): Promise<T> {
    await this.free();
    const work = body();
    const ended = work.catch(() => undefined);
    this.#shared.add(ended);
    void ended.then(() => this.#shared.delete(ended));
    return work;
  }

  /** Resolves when nobody has or wants the target alone. */
  async free(): Promise<void> {
    for (let tail = this.#alone; ; tail = this.#alone) {
      await tail;
      if (tail === this.#alone) return;
    }
  }

  /** Runs `body` with nobody else. */
  alone<T>(body: () => Promise<T>): Promise<T> {
    const before = this.#alone;
    const work = (async () => {
      await before;
      await Promise.all([...this.#shared]);
      return body();
    })();
    this.#alone = work.catch(() => undefined);
    return work;
  }
}

/**
 * Where events happened, in the source.
 *
 * A record in the ring has no place for it, and need not: the same run done again stops at each
 * event's icount, and the stack there says where. What an event is about is rarely the line that
 * wrote it (deep in mutex_enter), so the place is that of the nearest caller outside of the
 * functions that carry trace points.
 */

import type { Observer, World } from '../../kernel/index.ts';
import type { StackFrame } from '../stack/index.ts';
import type { TraceEvent } from './decode.ts';
import { kernelStack } from './kernelstack.ts';

/** Files whose functions are only on the way to what an event is about. */
const CARRIERS =
  /\/kernel\/(kern\/(kern_(mutex|rwlock|condvar|sleepq|lwp)|syscall|subr_kmem|subr_pool|subr_prf)|vfs\/vnode_if|trace\/.*|sys)\.ts$/;
/** Kinds that the scheduler or the clock writes: no statement is behind them. */
const NOWHERE = new Set(['sched:switch', 'cpu:idle', 'irq']);

/** Finds the places of events: give `observer` and `prepare` to a second run of the same recording. */
export class PositionFinder {
  readonly #icounts: readonly number[];
  readonly #places = new Map<number, StackFrame>();
  #next = 0;
  #world: World | null = null;

  constructor(events: readonly TraceEvent[]) {
    const wanted = events.filter(hasPlace).map((event) => event.icount);
    this.#icounts = [...new Set(wanted)].sort((a, b) => a - b);
  }

  /** Sets the first watch. */
  prepare(w: World): void {
    this.#world = w;
    this.#next = this.#icounts.findIndex((icount) => icount > w.icount);
    if (this.#next >= 0) w.watchStop = this.#icounts[this.#next];
  }

  readonly observer: Observer = {
    reached: (icount) => this.#reached(icount),
  };

  #reached(icount: number): void {
    const w = this.#world;
    if (w === null) return;
    if (icount === this.#icounts[this.#next]) {
      const stack = kernelStack();
      const place = stack.find((frame) => !CARRIERS.test(frame.path)) ?? stack[0];
      if (place !== undefined) this.#places.set(icount, place);
    }
    while (this.#icounts[this.#next] <= icount) this.#next++;
    w.watchStop = this.#icounts[this.#next] ?? Number.MAX_SAFE_INTEGER;
  }

  /** The place of an event; undefined for those that have none. */
  of(event: TraceEvent): StackFrame | undefined {
    return hasPlace(event) ? this.#places.get(event.icount) : undefined;
  }
}

function hasPlace(event: TraceEvent): boolean {
  return event.lwp !== 0 && !NOWHERE.has(event.kind);
}

/**
 * Timers of a world: a binary heap by (time, order of arming), so that equal times fire in order.
 *
 * The scheduler loop fires what is due at the first opportunity after its time: between two
 * statements of a generator, at a scheduling point, or at once when every CPU idles.
 */

import { WRITE } from '../accesses.ts';
import { hooks } from '../hooks.ts';
import { current } from './current.ts';

export class Timer {
  /** World time, ns. */
  whenNs: number;
  seq: number;
  cancelled = false;
  /** Called from the scheduler loop; must not sleep and is not counted. */
  fire: (timer: Timer) => void;
  arg: unknown;

  constructor(whenNs: number, seq: number, fire: (timer: Timer) => void, arg: unknown) {
    this.whenNs = whenNs;
    this.seq = seq;
    this.fire = fire;
    this.arg = arg;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.whenNs < b.whenNs || (a.whenNs === b.whenNs && a.seq < b.seq);
}

export class TimerHeap {
  readonly heap: Timer[] = [];
  nextSeq = 1;

  /** Arms a timer for world time `whenNs`. */
  add(whenNs: number, fire: (timer: Timer) => void, arg: unknown): Timer {
    const timer = new Timer(whenNs, this.nextSeq++, fire, arg);
    if (hooks.monitor !== null) hooks.monitor.touched(current.lwp, this, WRITE);
    const heap = this.heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
    return timer;
  }

  /** The earliest timer that is still armed; undefined when there is none. */
  peek(): Timer | undefined {
    while (this.heap.length > 0 && this.heap[0].cancelled) this.pop();
    return this.heap[0];
  }

  /** Takes the earliest timer off the heap. */
  pop(): Timer | undefined {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

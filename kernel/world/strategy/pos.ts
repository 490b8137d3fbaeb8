/**
 * POS: partial-order sampling. Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 *
 * Every pending operation has a random priority, and the one with the highest is done next. Those
 * that conflict with it then get new ones, so that the order of each conflicting pair is drawn
 * afresh, and that of independent operations is not drawn twice.
 */

import { opsConflict } from '../op.ts';
import { LearningStrategy } from './learning.ts';
import type { Thread } from './thread.ts';

export class PosStrategy extends LearningStrategy {
  readonly name = 'pos';

  protected pick(count: number): number {
    const { candidates } = this.estimates;
    const { weights } = this.drawing;
    let best = -1;
    for (let i = 0; i < count; i++) {
      const t = candidates[i];
      if (t.drawnFor !== t.arrivals) {
        t.drawnFor = t.arrivals;
        t.weight = this.random.next32();
      }
      if (weights[i] > 0 && (best < 0 || t.weight > candidates[best].weight)) best = i;
    }
    return best;
  }

  protected override picked(done: Thread): void {
    const { v, kind } = done;
    if (v === null) return;
    const { met } = this.estimates;
    for (let i = 0; i < met.length; i++) {
      const t = met[i];
      if (t !== done && t.v === v && opsConflict(kind, t.kind)) t.drawnFor = -1;
    }
  }
}

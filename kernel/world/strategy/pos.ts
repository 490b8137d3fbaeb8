/**
 * POS: partial-order sampling. Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 *
 * Every pending operation has a random priority, and the one with the highest is done next. Those
 * that conflict with it then get new ones, so that the order of each conflicting pair is drawn
 * afresh, and that of independent operations is not drawn twice.
 */

import { LearningStrategy } from './learning.ts';
import type { Thread } from './thread.ts';

export class PosStrategy extends LearningStrategy {
  readonly name = 'pos';

  protected pick(count: number): number {
    return this.drawing.sample(count);
  }

  protected override picked(t: Thread): void {
    this.drawing.did(t);
  }
}

/**
 * URW: uniform random walk. Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency
 * Testing", ASPLOS 2025.
 *
 * The next thread is drawn in proportion to the operations that it and its unborn children have
 * left, which makes all interleavings equally likely where nobody blocks. A thread that has more
 * than was ever seen keeps a weight of 1. The first run knows nothing, and every thread weighs 1.
 *
 * Differs  Counts are estimated again after each run (estimates.ts).
 */

import { LearningStrategy } from './learning.ts';

export class UrwStrategy extends LearningStrategy {
  readonly name = 'urw';

  protected pick(count: number): number {
    const { weights } = this.drawing;
    const { candidates } = this.estimates;
    for (let i = 0; i < count; i++) {
      if (weights[i] === 0) continue;
      const t = candidates[i];
      weights[i] = Math.max(1, t.most - t.ops + 1) + t.unborn;
    }
    return this.drawing.draw(count);
  }
}

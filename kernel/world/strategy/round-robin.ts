/**
 * Round-robin: the candidates take turns, a quantum of scheduling points each.
 */

import type { Lwp } from '../../kern/lwp.ts';
import type { Strategy } from './strategy.ts';

/** Scheduling points (or tens of statements) an LWP keeps its turn. */
const QUANTUM_POINTS = 8;

export class RoundRobinStrategy implements Strategy {
  readonly name = 'round-robin';
  readonly sharedOnly = true;
  begin(): void {}

  /** The candidate with the next larger LWP number, cyclically. */
  next(candidates: readonly Lwp[], count: number, current: Lwp | null): number {
    const from = current === null ? 0 : current.id;
    let best = -1;
    let lowest = 0;
    for (let i = 0; i < count; i++) {
      const id = candidates[i].id;
      if (id < candidates[lowest].id) lowest = i;
      if (id > from && (best < 0 || id < candidates[best].id)) best = i;
    }
    return best >= 0 ? best : lowest;
  }

  choose(): number {
    return 0;
  }

  pointStride(): number {
    return QUANTUM_POINTS;
  }

  statementStride(): number {
    return QUANTUM_POINTS * 10;
  }
}

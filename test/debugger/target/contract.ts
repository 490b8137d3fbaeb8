/**
 * What holds for every kind of target (debugger/target/target.ts), on one small program.
 *
 *   holdsContract({ kind: 'replay', open: (program) => …, skips: {} });
 *
 * `open` gives a target that stands at the failure of the program's run. A claim that does not
 * hold for a kind is skipped by its name, with the reason; a name that is no claim is refused.
 */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target, TargetKind } from '../../../debugger/target/index.ts';
import { INSPECTION } from './claims/inspection.ts';
import { BREAKS } from './claims/breaks.ts';
import { MOVES } from './claims/moves.ts';
import { REFUSALS } from './claims/refusals.ts';
import { SOURCES } from './claims/sources.ts';
import { STEPS } from './claims/steps.ts';
import { VALUES } from './claims/values.ts';
import { OVERDRAWN } from './programs.ts';

export interface Subject {
  readonly kind: TargetKind;
  /** A target of a program that fails, standing where it failed. */
  open(program: string): Promise<Target>;
  /** Claims that do not hold for this kind, and why. */
  readonly skips: Readonly<Record<string, string>>;
}

/** What a claim is tried on. */
export interface Trial {
  readonly target: Target;
  readonly subject: Subject;
  /** Lines of programs/overdrawn.ts. */
  readonly lines: readonly string[];
}

export type Claims = Readonly<Record<string, (trial: Trial) => Promise<void>>>;

/** Claims that only look share a target; those that move have one each. */
const LOOKING: Claims = { ...INSPECTION, ...VALUES, ...SOURCES, ...REFUSALS };
const MOVING: Claims = { ...MOVES, ...STEPS, ...BREAKS };
const lines = readFileSync(OVERDRAWN, 'utf8').split('\n');

export function holdsContract(subject: Subject): void {
  const { kind, skips } = subject;
  const unknown = Object.keys(skips).filter((name) => !(name in LOOKING) && !(name in MOVING));
  it(`every skip for a ${kind} target is of a claim`, () => expect(unknown).toEqual([]));
  describe(`a ${kind} target at a failure`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await subject.open(OVERDRAWN);
    });
    afterAll(() => target?.close());
    for (const [claim, holds] of Object.entries(LOOKING)) {
      claimed(claim, skips, () => holds({ target, subject, lines }));
    }
  });
  describe(`a ${kind} target that moves`, () => {
    for (const [claim, holds] of Object.entries(MOVING)) {
      claimed(claim, skips, async () => {
        const target = await subject.open(OVERDRAWN);
        try {
          await holds({ target, subject, lines });
        } finally {
          await target.close();
        }
      });
    }
  });
}

function claimed(claim: string, skips: Subject['skips'], holds: () => Promise<void>): void {
  if (claim in skips) it.skip(`${claim} (${skips[claim]})`, holds);
  else it(claim, holds);
}

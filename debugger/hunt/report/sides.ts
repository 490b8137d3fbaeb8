/** The operations that a finding is about, with all that is known of each. */

import type { StackFrame } from '../../../tracer/index.ts';
import type { Operation } from './record.ts';
import type { Rows } from './rowreports.ts';
import type { Sources } from './sources.ts';
import type { SideReport } from './types.ts';
import { callOf, objectText, valuesOf, verbOf, type Vocabulary } from './words.ts';

/** Frames of a stack at most: the innermost. */
const STACK_MAX = 12;

/** What sides are made of. */
export interface SideParts {
  readonly sides: readonly Operation[];
  readonly rows: Rows;
  readonly vocabulary: Vocabulary;
  readonly sources: Sources;
  stackOf(operation: Operation): readonly StackFrame[];
}

/** `A`, `B`… by operation. */
export function marksOf(sides: readonly Operation[]): Map<Operation, string> {
  return new Map(sides.map((operation, i) => [operation, String.fromCharCode(65 + i)]));
}

export function sideReports(parts: SideParts): SideReport[] {
  const marks = marksOf(parts.sides);
  return parts.sides.map((operation) => sideOf(operation, marks.get(operation) ?? '', parts));
}

function sideOf(operation: Operation, mark: string, parts: SideParts): SideReport {
  const { rows, vocabulary, sources } = parts;
  const { lwp, cpu, step, icount, held, text } = operation;
  const stack = parts.stackOf(operation).slice(0, STACK_MAX);
  const [before, after] = valuesOf(operation, vocabulary);
  const place = sources.place(stack[0]);
  return {
    mark,
    does: verbOf(operation),
    object: objectText(operation, vocabulary) || (text === '' ? '' : `'${text}'`),
    before,
    after,
    lwp,
    lwpName: vocabulary.nameOf(lwp),
    cpu,
    step,
    icount,
    held: held.map((lock) => vocabulary.names.name(lock)),
    syscall: callOf(operation, vocabulary),
    place,
    excerpt: sources.excerpt(place),
    stack: stack.map((frame) => sources.place(frame)),
    row: rows.of(operation),
  };
}

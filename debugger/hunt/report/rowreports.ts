/** The timeline's rows as data, with the switches that lead from one to the next. */

import { DIRECTIVE_WORDS } from '../../../kernel/index.ts';
import type { StackFrame } from '../../../tracer/index.ts';
import { directiveText } from '../shrink/text.ts';
import type { Operation } from './record.ts';
import { type ForcedSwitch, grouped, type RowOperations, telling } from './rows.ts';
import type { Sources } from './sources.ts';
import type { RowReport, SwitchReport } from './types.ts';
import type { WatchedRun } from './watch.ts';
import { rowText, switchText, type Vocabulary } from './words.ts';

/** What rows are made of. */
export interface RowParts {
  readonly run: WatchedRun;
  readonly shown: readonly Operation[];
  /** What was to be shown, before it was too much. */
  readonly all: readonly Operation[];
  readonly columns: readonly number[];
  readonly forced: readonly ForcedSwitch[];
  readonly words: Int32Array;
  readonly marks: ReadonlyMap<Operation, string>;
  readonly vocabulary: Vocabulary;
  readonly sources: Sources;
  frameOf(operation: Operation): StackFrame | undefined;
}

export class Rows {
  readonly list: readonly RowReport[];
  /** Operations after the last row that are not shown. */
  readonly omittedAtEnd: number;
  readonly #rows = new Map<Operation, number>();
  readonly #parts: RowParts;
  readonly #positions: ReadonlyMap<Operation, number>;

  constructor(parts: RowParts) {
    this.#parts = parts;
    this.#positions = new Map(parts.all.map((operation, i) => [operation, i]));
    const groups = grouped(parts.shown, parts.frameOf, parts.run.log.switches);
    this.list = groups.map((group, i) => this.#row(group, groups[i - 1], i + 1));
    const last = groups.at(-1)?.operations.at(-1);
    this.omittedAtEnd =
      last === undefined ? 0 : parts.all.length - 1 - (this.#positions.get(last) ?? 0);
  }

  /** The row of an operation, from 1; 0 for none. */
  of(operation: Operation): number {
    return this.#rows.get(operation) ?? 0;
  }

  #row(group: RowOperations, before: RowOperations | undefined, row: number): RowReport {
    const { marks, columns, vocabulary, sources } = this.#parts;
    const { operations, frame } = group;
    for (const operation of operations) this.#rows.set(operation, row);
    const [first] = operations;
    // What it is marked for comes first.
    const said = telling(operations).sort((a, b) => Number(marks.has(b)) - Number(marks.has(a)));
    const texts = said.map((operation) => rowText(operation, vocabulary));
    const last = before?.operations.at(-1);
    return {
      row,
      column: columns.indexOf(first.lwp),
      mark: operations.map((operation) => marks.get(operation) ?? '').join(''),
      lwp: first.lwp,
      cpu: first.cpu,
      icount: first.icount,
      does: [...new Set(texts)].join('; '),
      place: sources.place(frame),
      switched: last === undefined ? null : this.#switched(last, first),
      omitted: this.#between(last, first),
    };
  }

  /** Operations between two that are shown. */
  #between(last: Operation | undefined, first: Operation): number {
    const from = last === undefined ? -1 : (this.#positions.get(last) ?? 0);
    return (this.#positions.get(first) ?? 0) - from - 1;
  }

  /** The switch after which `first` runs: one that the schedule made, or the last one. */
  #switched(last: Operation, first: Operation): SwitchReport | null {
    const { run, forced, words } = this.#parts;
    const inside = run.log.switches.filter(
      ({ index }) => index > last.index && index <= first.index,
    );
    const made = forced.findLast(({ at }) => inside.includes(at));
    const at = made?.at ?? inside.at(-1);
    if (at === undefined || (made === undefined && last.lwp === first.lwp)) return null;
    return {
      icount: at.icount,
      from: at.from,
      to: at.to,
      next: first.lwp,
      why: switchText(at),
      directive: made === undefined ? '' : directiveText(words, made.directive * DIRECTIVE_WORDS),
    };
  }
}

/** Lines of the image's sources, for the places of a report. */

import type { RecordedSource } from '../../../corefiles/index.ts';
import { siteTable } from '../../../kernel/index.ts';
import type { StackFrame } from '../../../tracer/index.ts';
import type { PlaceReport, SideReport } from './types.ts';

/** Lines before and after a place in its excerpt. */
const AROUND = 3;

/** The expression before a field or an element. */
const OBJECT = /((?:[\p{L}_$][\p{L}\p{N}_$]*\.)*[\p{L}_$][\p{L}\p{N}_$]*)[!?]?[.[]+$/u;

export class Sources {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #lines = new Map<string, readonly string[]>();

  constructor(sources: readonly RecordedSource[]) {
    this.#texts = new Map(sources.map(({ path, text }) => [path, text]));
  }

  #of(path: string): readonly string[] {
    let lines = this.#lines.get(path);
    if (lines === undefined) {
      const text = this.#texts.get(path);
      lines = text === undefined ? [] : text.split(/\r?\n/);
      this.#lines.set(path, lines);
    }
    return lines;
  }

  /** A frame with the text of its line. */
  place(frame: StackFrame | undefined): PlaceReport {
    if (frame === undefined) return { function: '', path: '', line: 0, source: '' };
    const { path, lineBase1: line } = frame;
    const source = (this.#of(path)[line - 1] ?? '').trim();
    return { function: frame.function, path, line, source };
  }

  /** What an access site is about, as its source has it: `counter` of `counter.x`; '' if unknown. */
  expression(site: number): string {
    const position = siteTable.position(site);
    if (position === undefined) return '';
    const line = this.#of(position.path)[position.lineBase1 - 1] ?? '';
    const before = OBJECT.exec(line.slice(0, position.columnBase0))?.[1] ?? '';
    return before.startsWith('this') ? '' : before;
  }

  /** The lines around a place, without the indentation that they share. */
  excerpt({ path, line }: PlaceReport): SideReport['excerpt'] {
    const lines = this.#of(path);
    if (line < 1 || line > lines.length) return [];
    const from = Math.max(1, line - AROUND);
    const some = lines.slice(from - 1, line + AROUND).map((text) => text.replaceAll('\t', '  '));
    const used = some.filter((text) => text.trim() !== '');
    const indent = Math.min(...used.map((text) => text.length - text.trimStart().length));
    return some.map((text, i) => ({ line: from + i, text: text.slice(indent).trimEnd() }));
  }
}

/**
 * Edits of a generated text that keep its lines: insertions, and replacements within a line's
 * count of line ends. What moves is columns, and Shifts say by how much.
 *
 *   O.f = 1    →    $Aa(O, 18).f = 1      shifts of that line: [0, 4, 1, 9]: from column 0 on by 4
 */

/** For each line (base 0), pairs of a column of the original and how far it and later ones moved. */
export type Shifts = readonly (readonly number[])[];

export interface Edited {
  readonly code: string;
  readonly shifts: Shifts;
}

interface Replacement {
  readonly end: number;
  readonly text: string;
}

export class Edits {
  readonly #code: string;
  readonly #opening = new Map<number, string[]>();
  readonly #closing = new Map<number, string[]>();
  readonly #replaced = new Map<number, Replacement>();

  constructor(code: string) {
    this.#code = code;
  }

  /** Puts something around a range. Outer ranges come before inner ones. */
  wrap(start: number, end: number, before: string, after: string): void {
    this.before(start, before);
    this.after(end, after);
  }

  /** Something that belongs to what starts here. */
  before(position: number, text: string): void {
    const list = this.#opening.get(position);
    if (list === undefined) this.#opening.set(position, [text]);
    else list.push(text);
  }

  /** Something that belongs to what ends here. */
  after(position: number, text: string): void {
    const list = this.#closing.get(position);
    if (list === undefined) this.#closing.set(position, [text]);
    else list.unshift(text);
  }

  /** Replaces a range in which nothing else is edited; its line ends stay. */
  replace(start: number, end: number, text: string): void {
    const ends = this.#code.slice(start, end).replace(/[^\n]/g, '');
    this.#replaced.set(start, { end, text: text + ends });
  }

  /** The edited text, with a head put in before everything else at a position. */
  apply(headAt: number, head: string): Edited {
    this.#opening.set(headAt, [head, ...(this.#opening.get(headAt) ?? [])]);
    const maps = [this.#opening, this.#closing, this.#replaced];
    const positions = [...new Set(maps.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
    const writer = new Writer(this.#code);
    for (const position of positions) {
      writer.upTo(position);
      for (const text of this.#closing.get(position) ?? []) writer.insert(text);
      const replaced = this.#replaced.get(position);
      if (replaced !== undefined) writer.replace(replaced);
      for (const text of this.#opening.get(position) ?? []) writer.insert(text);
    }
    return writer.end();
  }
}

class Writer {
  readonly #code: string;
  readonly #parts: string[] = [];
  readonly #shifts: number[][] = [];
  #at = 0;
  #line = 0;
  #lineStart = 0;
  #shift = 0;

  constructor(code: string) {
    this.#code = code;
  }

  upTo(position: number): void {
    this.#parts.push(this.#code.slice(this.#at, position));
    this.#pass(position);
  }

  /** Counts the lines up to a position. */
  #pass(position: number): void {
    const text = this.#code.slice(this.#at, position);
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
      this.#line++;
      this.#lineStart = this.#at + i + 1;
      this.#shift = 0;
    }
    this.#at = position;
  }

  insert(text: string): void {
    this.#parts.push(text);
    this.#moved(text.length);
  }

  replace({ end, text }: Replacement): void {
    const before = this.#at - this.#lineStart;
    const line = this.#line;
    this.#parts.push(text);
    this.#pass(end);
    // On a later line, only what comes after the text's last line end moves: by nothing.
    if (this.#line === line) this.#moved(text.length - (end - this.#lineStart - before));
    else this.#moved(-(end - this.#lineStart));
  }

  #moved(by: number): void {
    this.#shift += by;
    this.#shifts[this.#line] ??= [];
    const line = this.#shifts[this.#line];
    const column = this.#at - this.#lineStart;
    if (line.length > 0 && line[line.length - 2] === column) line[line.length - 1] = this.#shift;
    else line.push(column, this.#shift);
  }

  end(): Edited {
    this.#parts.push(this.#code.slice(this.#at));
    const shifts = Array.from(this.#shifts, (line) => line ?? []);
    return { code: this.#parts.join(''), shifts };
  }
}

/** Where a column of the original went: before what was put at it. */
export function shiftedColumn(shifts: Shifts, line: number, column: number): number {
  const pairs = shifts[line] ?? [];
  let by = 0;
  for (let i = 0; i < pairs.length && pairs[i] < column; i += 2) by = pairs[i + 1];
  return column + by;
}

/** Where a column of the edited text was; what was put in was where it was put. */
export function unshiftedColumn(shifts: Shifts, line: number, column: number): number {
  const pairs = shifts[line] ?? [];
  let by = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    if (column < pairs[i] + pairs[i + 1]) return Math.min(column - by, pairs[i]);
    by = pairs[i + 1];
  }
  return column - by;
}

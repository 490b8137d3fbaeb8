/** Client: what the other side said of itself in `initialize`, and how it counts lines and columns. */

import { type Arguments, maybeFlag, maybeText } from './args.ts';
import { DapError } from './errors.ts';

export class Client {
  readonly id: string;
  readonly #args: Arguments;
  readonly #firstLine: number;
  readonly #firstColumn: number;

  constructor(args: Arguments) {
    this.#args = args;
    this.id = maybeText(args, 'clientID') ?? '';
    this.#firstLine = maybeFlag(args, 'linesStartAt1') === false ? 0 : 1;
    this.#firstColumn = maybeFlag(args, 'columnsStartAt1') === false ? 0 : 1;
    if ((maybeText(args, 'pathFormat') ?? 'path') !== 'path') {
      throw new DapError('argument', "pathFormat must be 'path': files are named by their paths");
    }
  }

  /** Whether it said that it supports a thing, such as `supportsInvalidatedEvent`. */
  supports(what: string): boolean {
    return this.#args[what] === true;
  }

  /** A line as the client counts. */
  line(lineBase1: number): number {
    return lineBase1 - 1 + this.#firstLine;
  }

  lineBase1(line: number): number {
    return line + 1 - this.#firstLine;
  }

  /** A column as the client counts. */
  column(columnBase0: number): number {
    return columnBase0 + this.#firstColumn;
  }

  columnBase0(column: number): number {
    return Math.max(0, column - this.#firstColumn);
  }
}

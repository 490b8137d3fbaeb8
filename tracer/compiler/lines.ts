/** Offsets in a text to lines and columns. */

export class Lines {
  readonly starts: readonly number[];

  constructor(code: string) {
    const starts = [0];
    for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  /** Line (base 1) and column (base 0) of an offset. */
  position(offset: number): { lineBase1: number; columnBase0: number } {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { lineBase1: low + 1, columnBase0: offset - this.starts[low] };
  }

  base1(offset: number): { lineBase1: number; columnBase1: number } {
    const { lineBase1, columnBase0 } = this.position(offset);
    return { lineBase1, columnBase1: columnBase0 + 1 };
  }
}

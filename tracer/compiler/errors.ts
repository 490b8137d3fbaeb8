/**
 * What the compiler says when it cannot accept a source: one error with every violation in it.
 *
 *   demo/main.ts:3:9: await is not available in kernel and program code; call functions that may
 *   sleep with yield*
 *     3 |   await sys.open('/x');
 *       |   ^
 */

export interface Violation {
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase1: number;
  /** Stable name of the rule: `await`, `timer`, `clock`, `syntax`, … */
  readonly rule: string;
  /** One sentence. */
  readonly message: string;
  /** What to use instead; empty when the message says it all. */
  readonly hint: string;
}

function excerpt(violation: Violation, lines: readonly string[]): string {
  const line = (lines[violation.lineBase1 - 1] ?? '').replace(/\r$/, '');
  const gutter = String(violation.lineBase1).padStart(5);
  const before = line.slice(0, violation.columnBase1 - 1).replace(/[^\t]/g, ' ');
  return `${gutter} | ${line}\n${' '.repeat(gutter.length)} | ${before}^`;
}

/** A violation as it is printed, with its line and a caret. */
export function formatViolation(violation: Violation, source: string): string {
  const { path, lineBase1, columnBase1, message, hint } = violation;
  const text = hint === '' ? message : `${message}; ${hint}`;
  return `${path}:${lineBase1}:${columnBase1}: ${text}\n${excerpt(violation, source.split('\n'))}`;
}

/** A source that the compiler does not accept, and why. */
export class CompileError extends Error {
  readonly violations: readonly Violation[];

  /** `source` gives the text of a violation's file, for the line that is printed with it. */
  constructor(violations: readonly Violation[], source: string | ((path: string) => string)) {
    const textOf = typeof source === 'string' ? () => source : source;
    super(violations.map((one) => formatViolation(one, textOf(one.path))).join('\n'));
    this.name = 'CompileError';
    this.violations = violations;
  }
}

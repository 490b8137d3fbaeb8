/**
 * What goes to the terminal: text with colour where a person reads it, one JSON object where a
 * program does, progress only while a terminal shows it.
 *
 * Colour follows https://no-color.org: none when NO_COLOR is set or stdout is no terminal.
 */

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Milliseconds between two pictures of a progress line. */
const PROGRESS_MS = 100;

function coloured(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb';
}

/** `text` in a style, where styles are shown. */
export function styled(style: Style, text: string): string {
  if (!coloured()) return text;
  const [on, off] = CODES[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

/** Writes lines to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes the one JSON object of a command to stdout; fields that are undefined are left out. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a sentence to stderr, for a person. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** 1234567 as `1,234,567`: the same on every host. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Nanoseconds as people read them: `12.5 µs`, `1.5 s`. */
export function duration(ns: number): string {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${trimmed(ns / 1e3)} µs`;
  if (ns < 1e9) return `${trimmed(ns / 1e6)} ms`;
  return `${trimmed(ns / 1e9)} s`;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `1 CPU`, `2 CPUs`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line on stderr that is painted over; nothing at all when stderr is no terminal. */
export class Progress {
  readonly #shown: boolean;
  #last = 0;

  constructor(quiet: 'quiet' | 'shown') {
    this.#shown = quiet === 'shown' && process.stderr.isTTY === true;
  }

  /** Shows `text()`, but not more often than an eye can follow. */
  show(text: () => string): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (now - this.#last < PROGRESS_MS) return;
    this.#last = now;
    process.stderr.write(`\r\x1b[K${text()}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown && this.#last > 0) process.stderr.write('\r\x1b[K');
  }
}

/**
 * Pictures: what commands print, in a document, kept true by running them.
 *
 *   <!-- picture: … -->
 *   ```console
 *   $ npx rumpus run race.ts
 *   passed
 *     …
 *   ```
 *   <!-- end of picture -->
 *
 * A line that is `…` alone stands for lines that are left out. Counts change with the kernel, so numbers
 * of two digits and more are not compared; what is said is. UPDATE=1 takes the pictures anew, with the same parts left out.
 * The commands of a document run one after another, in the project's folder; `.rumpus` in them is a
 * folder of the document's own.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { root, rumpus } from './cli.ts';

const PICTURE = /(<!-- picture.*-->\n```console\n)([\s\S]*?)(```\n<!-- end of picture -->)/g;
/** Those that write recordings and cores. */
const WRITING = ['run', 'hunt', 'replay'];

/** Runs every picture of a document, and compares it, or takes it anew. */
export function checkPictures(document: string): number {
  const file = resolve(root, document);
  const text = readFileSync(file, 'utf8');
  const out = ownFolder();
  let pictures = 0;
  const fresh = text.replace(PICTURE, (_all, start: string, body: string, end: string) => {
    pictures++;
    return (
      start +
      commandsOf(body)
        .map((shown) => check(shown, out))
        .join('') +
      end
    );
  });
  rmSync(out, { recursive: true });
  if (process.env['UPDATE'] === '1') writeFileSync(file, fresh);
  return pictures;
}

function ownFolder(): string {
  mkdirSync(resolve(root, '.rumpus'), { recursive: true });
  return mkdtempSync(resolve(root, '.rumpus/pictures-'));
}

/** A command as it is shown, and what it is said to print. */
interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
}

function commandsOf(body: string): Shown[] {
  return body
    .split(/^(?=\$ )/m)
    .filter((part) => part !== '')
    .map((part) => {
      const [command] = /^\$ (?:.*\\\n)*.*\n/.exec(part) ?? [''];
      const lines = part.slice(command.length).split('\n').slice(0, -1);
      return { command, lines };
    });
}

/** What is printed, with the parts left out that are left out in the picture. */
function check({ command, lines }: Shown, out: string): string {
  const printed = printedBy(command, out);
  const pieces = piecesOf(lines);
  if (process.env['UPDATE'] === '1') return command + taken(pieces, printed, command);
  let from = 0;
  for (const [i, piece] of pieces.entries()) {
    const wanted = piece.map(withoutNumbers);
    const found = printed.map(withoutNumbers);
    const rest = found.slice(from);
    const whole = pieces.length === 1;
    const at = whole ? 0 : rest.findIndex((_, k) => startsWith(rest.slice(k), wanted));
    if (whole || at < 0) expect(found, `${command}${piece.join('\n')}`).toEqual(wanted);
    if (i === 0) expect(at, command).toBe(0);
    from += at + wanted.length;
  }
  return '';
}

function startsWith(lines: readonly string[], start: readonly string[]): boolean {
  return start.every((line, i) => lines[i] === line);
}

/** Lines between those that are `…`; the first and last piece may be empty. */
function piecesOf(lines: readonly string[]): string[][] {
  const pieces: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === '…') pieces.push([]);
    else pieces[pieces.length - 1].push(line);
  }
  return pieces;
}

/** The pieces anew: each from its first to its last line. */
function taken(pieces: readonly string[][], printed: readonly string[], command: string): string {
  if (pieces.length === 1) return printed.map((line) => `${line}\n`).join('');
  const found = printed.map(withoutNumbers);
  const lines: string[] = [];
  let from = 0;
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) lines.push('  …');
    if (piece.length === 0) continue;
    const first = found.indexOf(withoutNumbers(piece[0]), from);
    const last = found.indexOf(withoutNumbers(piece[piece.length - 1]), first);
    if (first < 0 || last < 0) {
      throw new Error(`'${piece[0]}' to '${piece[piece.length - 1]}' is not printed by ${command}`);
    }
    lines.push(...printed.slice(first, last + 1));
    from = last + 1;
  }
  return lines.map((line) => `${line}\n`).join('');
}

function printedBy(command: string, out: string): string[] {
  const name = out.slice(root.length);
  const [program, ...words] = wordsOf(command.slice(2)).map((word) =>
    word.replace(/^\.rumpus(?=\/)/, name),
  );
  return textOf(program, words, name)
    .replaceAll(name, '.rumpus')
    .replaceAll('../../test/', '../test/')
    .split('\n')
    .slice(0, -1);
}

/** What a command prints on stdout; of `cat`, the file. */
function textOf(program: string, words: readonly string[], out: string): string {
  if (program === 'cat') return readFileSync(join(root, words[0]), 'utf8');
  const [, verb] = words;
  const more = WRITING.includes(verb) ? ['--out', out] : [];
  const { stdout, stderr } = rumpus(root, [...words.slice(1), ...more]);
  expect(stderr, words.join(' ')).toBe('');
  return stdout;
}

/** Words of a shell's command line, with '…' for what has blanks in it. */
function wordsOf(line: string): string[] {
  const words = line.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|\S+/g);
  return Array.from(words, ([word, quoted]) => quoted ?? word);
}

/** Small numbers are part of what is said (LWP 2, 0 → 1, 1@5>2), except where things are counted. */
function withoutNumbers(line: string): string {
  return line
    .replace(/^.*\b(in schedule|schedules|classes|shrunk|proof) .*$/, (all) =>
      all.replace(/\d/g, '0#'),
    )
    .replace(/[\d,.]+(?= a second)/, '#')
    .replace(/\b[0-9a-f]{32}\b/g, '#')
    .replace(/\d[\d.,#]*[\d#]/g, '#')
    .replace(/# (ns|µs|ms)/g, '#')
    .replace(/(\S) {2,}/g, '$1 ')
    .replace(/^ {2,}#/, ' #');
}

/**
 * Text of foreign files, made safe to show on a terminal.
 *
 * A core is data from a stranger: a file name in it may hold escape sequences that repaint the
 * screen, or direction overrides that make text read as something else. Data stays as it is; only
 * what is printed goes through here.
 *
 *   printable('a\x1b[2Jb')  →  'a\x1b[2Jb' with the escape spelled out as the four characters \x1b
 */

/** C0 and C1 controls, DEL, line separators, direction controls, byte order mark, half surrogates. */
const UNSAFE =
  /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** `text` with every character that could act on a terminal spelled out, on one line. */
export function printable(text: string): string {
  return text.replace(UNSAFE, spell);
}

/** The same, keeping line ends and tabs: for console output and sources. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE, (c) => (c === '\n' || c === '\t' ? c : spell(c)));
}

function spell(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

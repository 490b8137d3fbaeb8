/**
 * Where in a source there is something to run: programs, kernel tests and hunts.
 *
 *   export default program({ … }, main);          Run | Debug | Hunt
 *   test('mkdir twice', ({ kernel }) => {         Run | Debug
 *     kernel.hunt({ schedules: 500 }, main);      Hunt | Debug
 *
 * By the text alone, without a parser: comments and strings are blanked out first, so what stands
 * in them is not found. Tests are offered only where `rumpus/vitest` is imported, programs only
 * where a default export and `rumpus` are.
 */

export type LensKind = 'program' | 'test' | 'hunt';

export interface Lens {
  readonly kind: LensKind;
  readonly lineBase0: number;
  /** Line of the test that it is (in): what vitest is told to run; -1 for a program. */
  readonly testLineBase0: number;
}

const CALL = /(?<![\w$])(program|test|it|hunt)((?:\s*\.\s*\w+)*)\s*(?:<[^>()]*>)?\s*\(/g;
/** What may stand between `test` and its parenthesis. */
const MODIFIERS = /^(\s*\.\s*(only|skip|skipIf|runIf|concurrent|sequential|fails|each|for))*\s*$/;

/** All of a source, in order. */
export function findLenses(text: string): Lens[] {
  const isTest = /['"]rumpus\/vitest['"]/.test(text);
  const isProgram = isProgramText(text);
  if (!isTest && !isProgram) return [];
  const code = blanked(text);
  const lenses: Lens[] = [];
  let testLineBase0 = -1;
  for (const match of code.matchAll(CALL)) {
    const [, word, modifiers] = match;
    const isMethod = code.slice(0, match.index).trimEnd().endsWith('.');
    const lineBase0 = lineAt(code, match.index);
    if (word === 'program') {
      if (!isProgram || isMethod || modifiers !== '') continue;
      lenses.push({ kind: 'program', lineBase0, testLineBase0: -1 });
    } else if (word === 'hunt') {
      if (!isTest || !isMethod || testLineBase0 < 0) continue;
      lenses.push({ kind: 'hunt', lineBase0, testLineBase0 });
    } else if (isTest && !isMethod && MODIFIERS.test(modifiers)) {
      testLineBase0 = lineBase0;
      lenses.push({ kind: 'test', lineBase0, testLineBase0 });
    }
  }
  return lenses;
}

/** Whether a source is a program: what F5 runs. */
export function isProgramText(text: string): boolean {
  if (!/['"]rumpus['"]|kernel\/index\.ts['"]/.test(text)) return false;
  const code = blanked(text);
  return /\bexport\s+default\b|\bas\s+default\b/.test(code) && /(?<![.\w$])program\s*\(/.test(code);
}

function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Comments, strings and templates; a quote in a regular expression ends with its line. */
const TEXTS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|`(?:\\[\s\S]|[^`\\])*`?/g;

/** The source with blanks for what is no code; lines and columns stay. */
function blanked(text: string): string {
  return text.replace(TEXTS, (found) => found.replace(/[^\n]/g, ' '));
}

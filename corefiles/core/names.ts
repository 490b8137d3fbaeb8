/**
 * From names and variables in generated code to those of the source.
 *
 * A bundler numbers names that would collide (`lookup2`), and gives a class that speaks of itself
 * another name inside (`_Queue`); the compiler adds helpers (`$h`), the
 * test runner its own (`__vi_import_0__`). And on Node 20 a variable that is declared further down
 * reads as undefined, exactly like one that the engine has dropped: the source says which it is.
 */

import type { CorePosition } from './types.ts';

/** Helpers of the compiler, the bundler and the test runner. */
const HELPER = /^(\$|__|import_)/;

/** Gives the text of a source by its path; '' when it is not known. */
export type SourceText = (path: string) => string;
/** Names that the bundler changed in a source, and what they became. */
export type SourceRenames = (path: string) => ReadonlyMap<string, readonly string[]>;

/** Declarations at the top level of a module: of one name, or a pattern. */
const TOP_LEVEL =
  /^(?:export\s+)?(?:default\s+)?(?:const|let|var|class|(?:async\s+)?function\s*\*?)\s+(?:([\p{L}_$][\p{L}\p{N}_$]*)|([{[][^=;]*)=)/gmu;
const NONE: ReadonlyMap<string, readonly string[]> = new Map();

/** True for a variable that the source does not have. */
export function isHelper(name: string): boolean {
  return HELPER.test(name) || name === 'arguments';
}

export class SourceNames {
  readonly #text: SourceText;
  readonly #renames: SourceRenames;
  readonly #words = new Map<string, ReadonlySet<string>>();

  constructor(text: SourceText, renames: SourceRenames = () => NONE) {
    this.#text = text;
    this.#renames = renames;
  }

  /** What a name of the source may be in generated code; the likelier first. */
  generated(name: string, path: string): readonly string[] {
    return [...(this.#renames(path).get(name) ?? []), name];
  }

  /** Names that a module declares at its top level; undefined when its text is not known. */
  topLevel(path: string): Set<string> | undefined {
    const text = this.#text(path);
    if (text === '') return undefined;
    const names = [...text.matchAll(TOP_LEVEL)].flatMap(
      ([, name, pattern]) => name ?? pattern.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [],
    );
    return new Set(names);
  }

  /** A name as the source at `path` has it. */
  original(name: string, path: string): string {
    const bare = name.replace(/^(?:get|set|new|async) /, '').replace(/^.*\./, '');
    const base = bare.replace(/\d+$/, '').replace(/^_(?=.)/, '');
    if (base === bare || base === '') return bare;
    const words = this.#wordsOf(path);
    if (words.has(bare)) return bare;
    const unnumbered = bare.replace(/\d+$/, '');
    if (words.has(unnumbered)) return unnumbered;
    return words.has(base) ? base : bare;
  }

  #wordsOf(path: string): ReadonlySet<string> {
    let words = this.#words.get(path);
    if (words === undefined) {
      words = new Set(this.#text(path).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
      this.#words.set(path, words);
    }
    return words;
  }

  /**
   * Whether a variable is declared, in the function around `position`, only after that position
   * or by the very statement there: then it has no value yet.
   */
  isDeclaredLater(name: string, position: CorePosition): boolean {
    const text = this.#text(position.path);
    if (text === '') return false;
    const at = offsetOf(text, position);
    const start = lastTopLevelEnd(text, at);
    const end = nextTopLevelEnd(text, at);
    const declared = declarationOf(name);
    const before = [...text.slice(start, at).matchAll(declared)].pop();
    if (before !== undefined) return !isComplete(text.slice(start + before.index, at));
    if (isParameter(name, text.slice(start, at))) return false;
    return declarationOf(name).test(text.slice(at, end));
  }
}

function declarationOf(name: string): RegExp {
  const escaped = name.replaceAll('$', '\\$');
  return new RegExp(`\\b(?:const|let)\\s+(?:${escaped}\\b|[{[][^=;]*\\b${escaped}\\b)`, 'g');
}

function isParameter(name: string, text: string): boolean {
  const escaped = name.replaceAll('$', '\\$');
  return new RegExp(`[(,]\\s*${escaped}\\s*[:,)=?]`).test(text);
}

/** A declaration whose statement ended before the position. */
function isComplete(text: string): boolean {
  return text.includes(';') || /\bof\s/.test(text) || /\bin\s/.test(text);
}

/** Functions of a module end with a brace in the first column. */
function lastTopLevelEnd(text: string, at: number): number {
  return Math.max(0, text.lastIndexOf('\n}', at));
}

function nextTopLevelEnd(text: string, at: number): number {
  const end = text.indexOf('\n}', at);
  return end < 0 ? text.length : end;
}

function offsetOf(text: string, { lineBase1, columnBase0 }: CorePosition): number {
  let at = 0;
  for (let line = 1; line < lineBase1; line++) {
    const next = text.indexOf('\n', at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at + columnBase0;
}

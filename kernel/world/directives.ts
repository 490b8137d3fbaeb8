/**
 * Directives: the schedule half of a recording.
 *
 * A directive is a deviation from the default schedule: "LWP `lwp`, at its own count `at` of
 * scheduling points (kind point, choice), of statements (kind statement) or of accesses that are told
 * (kind access), answers `answer`". The
 * answer names the LWP that runs next, or is the alternative taken. LWP 0 stands for "no LWP was
 * current". What a run without deviations does is not written down.
 */

export const DIRECTIVE_POINT = 0;
export const DIRECTIVE_STATEMENT = 1;
export const DIRECTIVE_CHOICE = 2;
export const DIRECTIVE_ACCESS = 3;
export type DirectiveKind = 0 | 1 | 2 | 3;

/** Words a directive takes in `words`: kind, lwp, at, answer. */
export const DIRECTIVE_WORDS = 4;

/** A growing list of directives, pooled by whoever runs many worlds. */
export class Directives {
  words = new Int32Array(64 * DIRECTIVE_WORDS);
  /** Words in use. */
  length = 0;

  add(kind: DirectiveKind, lwp: number, at: number, answer: number): void {
    const n = this.length;
    if (n + DIRECTIVE_WORDS > this.words.length) this.#grow();
    this.words[n] = kind;
    this.words[n + 1] = lwp;
    this.words[n + 2] = at;
    this.words[n + 3] = answer;
    this.length = n + DIRECTIVE_WORDS;
  }

  #grow(): void {
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
  }

  clear(): void {
    this.length = 0;
  }

  /** How many there are. */
  get count(): number {
    return this.length / DIRECTIVE_WORDS;
  }

  copy(): Int32Array {
    return this.words.slice(0, this.length);
  }
}

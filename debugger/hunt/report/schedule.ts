/**
 * Directives as text: `2@17>1 1?4=1`. LWP, the kind of count (`@` points, `.` accesses, `:`
 * statements, `?` a choice at a point), the count, and who runs next or which alternative is taken.
 */

import {
  DIRECTIVE_ACCESS,
  DIRECTIVE_CHOICE,
  DIRECTIVE_STATEMENT,
  DIRECTIVE_WORDS,
} from '../../../kernel/index.ts';

/** Directive number `index` of a schedule. */
export function directiveText(words: Int32Array, index: number): string {
  const at = index * DIRECTIVE_WORDS;
  const [kind, lwp, count, answer] = words.subarray(at, at + DIRECTIVE_WORDS);
  if (kind === DIRECTIVE_CHOICE) return `${lwp}?${count}=${answer}`;
  const mark = kind === DIRECTIVE_STATEMENT ? ':' : kind === DIRECTIVE_ACCESS ? '.' : '@';
  return `${lwp}${mark}${count}>${answer}`;
}

/** A whole schedule. */
export function scheduleText(words: Int32Array): string {
  const count = words.length / DIRECTIVE_WORDS;
  return Array.from({ length: count }, (_, i) => directiveText(words, i)).join(' ');
}

/** Times that an LWP which could have gone on is made to wait for another. */
export function preemptionsIn(words: Int32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i += DIRECTIVE_WORDS) {
    if (words[i] !== DIRECTIVE_CHOICE && words[i + 1] !== 0) count++;
  }
  return count;
}

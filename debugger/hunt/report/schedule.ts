/** How many of a schedule's directives are preemptions. */

import { DIRECTIVE_CHOICE, DIRECTIVE_WORDS } from '../../../kernel/index.ts';

/** Times that an LWP which could have gone on is made to wait for another. */
export function preemptionsIn(words: Int32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i += DIRECTIVE_WORDS) {
    if (words[i] !== DIRECTIVE_CHOICE && words[i + 1] !== 0) count++;
  }
  return count;
}

/**
 * A schedule as one line that people can read, type, and paste between single quotes:
 *
 *   2@17>1   LWP 2, at its own scheduling point 17: LWP 1 runs next
 *   2.17>1   the same at its access 17 (grain access)
 *   2:17>1   the same at its statement 17 (grain statement)
 *   2?17=1   LWP 2, at its own point 17: alternative 1 of a choice that is not about who runs
 *
 * joined by blanks. LWP 0 stands for "nobody ran". What is not written is what the default schedule
 * does (kernel/world/strategy/default.ts), so any of them can be taken away and the rest still means
 * something. head.ts puts before it what a run needs besides.
 */

import { InputError } from '../../errors.ts';

/** Words of a directive: kind, LWP, own count, answer; as kernel/world/directives.ts has them. */
const WORDS = 4;
/** Between LWP and count, by kind. */
const MARKS = ['@', ':', '?', '.'];
const CHOICE = 2;
const WORD_MAX = 0x7fffffff;
/** Far more than any that somebody types. */
const TEXT_MAX = 1 << 20;

/** The directives as text; '' for none. */
export function scheduleText(words: Int32Array): string {
  const texts: string[] = [];
  for (let i = 0; i + WORDS <= words.length; i += WORDS) texts.push(directiveText(words, i));
  return texts.join(' ');
}

/** The directive that begins at words[i]. */
export function directiveText(words: Int32Array, i: number): string {
  const [kind, lwp, at, answer] = words.subarray(i, i + WORDS);
  return `${lwp}${MARKS[kind]}${at}${kind === CHOICE ? '=' : '>'}${answer}`;
}

/** The directives in a text that begins at `offset` of what the user gave. Throws InputError. */
export function parseSchedule(text: string, offset = 0): Int32Array {
  if (text.length > TEXT_MAX) {
    throw new InputError(`a schedule has at most ${TEXT_MAX} characters, not ${text.length}`);
  }
  const words: number[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    words.push(...parseDirective(match[0], offset + match.index));
  }
  return Int32Array.from(words);
}

function parseDirective(text: string, offset: number): number[] {
  const parts = /^(\d+)([@:.?])(\d+)([>=])(\d+)$/.exec(text);
  const kind = parts === null ? -1 : MARKS.indexOf(parts[2]);
  if (parts === null || (parts[4] === '=') !== (kind === CHOICE)) {
    throw wrong(text, offset, 'is no directive such as 2@17>1, 2.17>1, 2:17>1 or 2?17=1');
  }
  const words = [kind, Number(parts[1]), Number(parts[3]), Number(parts[5])];
  if (words.some((word) => word > WORD_MAX)) {
    throw wrong(text, offset, `has a number above ${WORD_MAX}`);
  }
  return words;
}

/** Characters of a word that an error shows. */
const SHOWN = 40;

/** The error for a word of a schedule: where it is, and what is wrong. */
export function wrong(text: string, offset: number, what: string): InputError {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return new InputError(`in the schedule, at character ${offset + 1}: '${shown}' ${what}`);
}

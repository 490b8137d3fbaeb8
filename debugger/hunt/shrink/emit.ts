/**
 * A regression test of what a hunt found, for `--emit-test`:
 *
 *   test('race.ts does not end with program-error: Error: an update was lost: 1', async ({ kernel }) => {
 *     await kernel.replay(new URL('./race.ts', import.meta.url), 'preempt,access|3.2>2');
 *   });
 *
 * It fails while the bug is there, with the report of rumpus/vitest, and passes when it is fixed.
 */

import { basename, dirname, relative } from 'node:path';
import type { LoadedProgram } from '../../run/load.ts';
import type { Found } from '../found.ts';
import { isSwitch, type Step, stepsOf } from './moments.ts';
import type { Shrunk } from './types.ts';

/** Characters of a message that stand in a test's name, and in a line. */
const MESSAGE_MAX = 60;
const WIDTH = 96;

/** The text of a test file in `folder`, by default beside the program. `found` is what was shrunk. */
export function emitTest(
  loaded: LoadedProgram,
  shrunk: Shrunk,
  found: Found,
  folder: string = dirname(loaded.file),
): string {
  const program = basename(loaded.file);
  const url = urlFrom(folder, loaded.file);
  const lines = [
    '/**',
    ...comment(paragraphs(program, shrunk, found)),
    ' */',
    '',
    "import { test } from 'rumpus/vitest';",
    '',
    `test(${quoted(testName(program, shrunk))}, async ({ kernel }) => {`,
    ...stepsOf(shrunk.found.words).map((step) => `  // ${stepText(step)}`),
    `  const schedule = ${quoted(shrunk.schedule)};`,
    `  await kernel.replay(new URL(${quoted(url)}, import.meta.url), schedule);`,
    '});',
    '',
  ];
  return lines.join('\n');
}

function testName(program: string, { found }: Shrunk): string {
  const [first] = found.message.split('\n');
  const text = first.length > MESSAGE_MAX ? `${first.slice(0, MESSAGE_MAX)}…` : first;
  return `${program} does not end with ${found.verdict}${text === '' ? '' : `: ${text}`}`;
}

function paragraphs(program: string, shrunk: Shrunk, found: Found): string[] {
  const { before, after, replays, certificate, swap, trouble } = shrunk;
  const made = `Written by rumpus hunt, which found this in schedule ${found.index + 1} of ${program}.`;
  const size =
    trouble === ''
      ? `${shrunkText(before.preemptions, after.preemptions, replays)}; ${certificate.sentence}.`
      : `The schedule was not shrunk: ${trouble}.`;
  return [
    made,
    [size, swap === null ? '' : swap.sentence].join(' ').trim(),
    'The test fails while the bug is there, and passes when it is fixed. A directive of the schedule ' +
      'that no longer fits the program is skipped.',
  ];
}

function shrunkText(before: number, after: number, replays: number): string {
  const left = after === 1 ? '1 preemption' : `${after} preemptions`;
  return before === after
    ? `It takes ${left}`
    : `${left} of ${before} were left after ${replays} replays`;
}

/** Paragraphs as lines of a doc comment; nothing in them ends it. */
function comment(texts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    if (lines.length > 0) lines.push(' *');
    let line = ' *';
    for (const word of text.replaceAll('*/', '* /').split(/\s+/)) {
      if (line.length + 1 + word.length > WIDTH && line !== ' *') {
        lines.push(line);
        line = ' *';
      }
      line += ` ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

const COUNTED = ['scheduling point', 'statement', 'choice', 'access'];

/** `LWP 3, at its access 2: LWP 2 runs next` */
function stepText(step: Step): string {
  const who = step.lwp === 0 ? 'Nobody runs' : `LWP ${step.lwp}`;
  const when = `${who}, at ${step.lwp === 0 ? '' : 'its '}${COUNTED[step.kind]} ${step.at}`;
  return isSwitch(step)
    ? `${when}: LWP ${step.answer} runs next.`
    : `${when}: alternative ${step.answer}.`;
}

/** A relative URL, which begins with a dot. */
function urlFrom(folder: string, file: string): string {
  const path = relative(folder, file)
    .replaceAll('\\', '/')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** As a string literal between single quotes. */
function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside}'`;
}

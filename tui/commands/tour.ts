/**
 * rumpus tour: the gallery, walked through with the commands that a user would type.
 *
 * Nothing here is prepared: every step runs the command that it shows, on the programs in
 * test/gallery/, and its output is the command's own.
 */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError, packageFile } from '../../debugger/index.ts';
import { runCommandLine } from '../cli.ts';
import { EXIT_FINDING, EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { OUT_DIR } from '../options.ts';
import { print, styled } from '../output.ts';
import { CORE_SUFFIX, RECORDING_SUFFIX, shownPath } from '../save.ts';
import { type Chapter, CHAPTERS, type Step } from '../tour/chapters.ts';

const NEXT = `What next
  npx rumpus init ../my-kernel     a project with a component, a program and tests
  npx rumpus hunt <program.ts>     every interleaving of a program of yours
  npx rumpus --help                the commands, each with examples`;

export function define(command: Command): void {
  command.argument('[chapters...]', `numbers of chapters, 1 to ${CHAPTERS.length}; all by default`);
  examples(command, [
    ['All of it, in well under a minute', 'rumpus tour'],
    ['Only the race that needs two CPUs', 'rumpus tour 3'],
  ]);
  command.action(async (chapters: string[]) => {
    process.exitCode = await tour(chapters);
  });
}

/** Walks; the exit status is 0 when every step showed what it promises. */
async function tour(numbers: readonly string[]): Promise<number> {
  const chosen = numbers.length === 0 ? CHAPTERS : numbers.map(chapterOf);
  const startedAt = performance.now();
  let wrong = 0;
  for (const chapter of chosen) wrong += await walk(chapter);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  print(`${styled('dim', `That took ${seconds} s.`)}\n`);
  if (wrong > 0) {
    print(`${wrong} of the steps did not end as they should`);
    return EXIT_FINDING;
  }
  print(NEXT);
  return EXIT_FINE;
}

function chapterOf(text: string): Chapter {
  const chapter = CHAPTERS[Number(text) - 1];
  if (chapter === undefined) {
    throw new InputError(`there is no chapter '${text}'; they are 1 to ${CHAPTERS.length}`);
  }
  return chapter;
}

/** One chapter; gives the number of steps that ended otherwise than they should. */
async function walk(chapter: Chapter): Promise<number> {
  const number = CHAPTERS.indexOf(chapter) + 1;
  print(styled('bold', `${number}. ${chapter.title}`));
  print(`${chapter.text}\n`);
  const folder = packageFile(`test/gallery/${chapter.folder}`);
  if (!existsSync(folder)) throw new InputError(`the gallery has no ${chapter.folder}`);
  let wrong = 0;
  for (const step of chapter.steps) wrong += (await take(step, chapter, folder)) ? 0 : 1;
  return wrong;
}

async function take(step: Step, chapter: Chapter, folder: string): Promise<boolean> {
  const resolved = step.command.map((word) => resolveWord(word, chapter, folder));
  const words = withProgram(resolved, folder);
  print(step.text);
  print(styled('cyan', `$ npx rumpus ${words.join(' ')}`));
  const status = await runCommandLine(words);
  print('');
  return status === step.status;
}

function resolveWord(word: string, chapter: Chapter, folder: string): string {
  if (word.startsWith('@/')) return shownPath(join(folder, word.slice(2)));
  if (word === '@core') return newest(chapter, CORE_SUFFIX);
  if (word === '@recording') return newest(chapter, RECORDING_SUFFIX);
  return word;
}

/** A recording names its program relative to the current folder; elsewhere it has to be told. */
function withProgram(words: readonly string[], folder: string): string[] {
  const program = shownPath(join(folder, 'buggy.ts'));
  const told = words[0] === 'replay' && program.startsWith('..');
  return told ? [...words, '--program', program] : [...words];
}

/** The file that the chapter's program left last. */
function newest(chapter: Chapter, suffix: string): string {
  const names = existsSync(OUT_DIR) ? readdirSync(OUT_DIR) : [];
  const files = names
    .filter((name) => name.startsWith(`${chapter.folder}-buggy-`) && name.endsWith(suffix))
    .map((name) => join(OUT_DIR, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return files[0] === undefined ? `${OUT_DIR}/none${suffix}` : shownPath(files[0]);
}

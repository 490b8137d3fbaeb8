/** Corpora: what was found is found first, survives edits, and merges by copying. */

import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Corpus, mergeCorpus } from '../../../debugger/hunt/corpus/index.ts';
import { runRange, scheduleSeed } from '../../../debugger/hunt/schedules.ts';
import {
  DEFAULT_SPEC,
  type LoadedProgram,
  loadProgram,
  type RunSpec,
} from '../../../debugger/index.ts';

const race = fileURLToPath(new URL('../programs/race.ts', import.meta.url));
const spec: RunSpec = { ...DEFAULT_SPEC, grain: 'access' };
const folders: string[] = [];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'rumpus-corpus-'));
  folders.push(made);
  return made;
}

afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

/** The program in a folder of its own, where it can be edited. */
async function edited(dir: string, edit: (text: string) => string): Promise<LoadedProgram> {
  writeFileSync(join(dir, 'race.ts'), edit(readFileSync(race, 'utf8')));
  return loadProgram(join(dir, 'race.ts'), { access: true });
}

const same = (text: string) => text;

function bugOf(loaded: LoadedProgram) {
  return runRange(loaded, spec, 0, 1000).bugs[0].found;
}

function opened(dir: string): { corpus: Corpus; said: string[] } {
  const said: string[] = [];
  return { corpus: new Corpus(dir, (text) => said.push(text)), said };
}

test('a failure is kept once, and is the first that the next hunt meets', async () => {
  const loaded = await edited(folder(), same);
  const { corpus } = opened(folder());
  const found = bugOf(loaded);
  const file = corpus.keepFailure(loaded, spec, found);
  expect(corpus.keepFailure(loaded, spec, found)).toBe(file);
  expect(corpus.names('race.ts')).toHaveLength(1);
  const { failures, tried, dropped } = corpus.replay(loaded);
  expect({ tried, dropped }).toEqual({ tried: 1, dropped: 0 });
  const [failure] = failures;
  const { verdict, message, signature, icount } = found;
  expect(failure.found).toMatchObject({ verdict, message, signature, icount });
});

test('an entry survives an edit that adds no scheduling points, under its new name', async () => {
  const dir = folder();
  const before = await edited(dir, same);
  const { corpus } = opened(folder());
  corpus.keepFailure(before, spec, bugOf(before));
  const names = corpus.names('race.ts');
  const after = await edited(dir, (text) => `// moved\n// down\n${text}`);
  const { failures } = corpus.replay(after);
  expect(failures).toHaveLength(1);
  expect(corpus.names('race.ts')).toHaveLength(1);
  expect(corpus.replay(after).failures).toHaveLength(1);
  expect(names).toHaveLength(1);
});

test('what is fixed is no failure any more', async () => {
  const dir = folder();
  const before = await edited(dir, same);
  const { corpus } = opened(folder());
  corpus.keepFailure(before, spec, bugOf(before));
  // A plain function is atomic.
  const fixed = await edited(dir, (text) => {
    const plain = 'function bump(counter: Counter): void {\n  counter.x++;\n}\n';
    return text.replace('counter.x = value + 1', 'bump(counter)') + plain;
  });
  const { failures, dropped } = corpus.replay(fixed);
  expect({ failures, dropped }).toEqual({ failures: [], dropped: 1 });
  expect(corpus.names('race.ts').filter((name) => name.includes('.fail-'))).toEqual([]);
});

test('schedules are kept for as long as they read from writes that no other does', async () => {
  const loaded = await edited(folder(), same);
  const { corpus, said } = opened(folder());
  let kept = 0;
  for (let i = 0; i < 50; i++) {
    if (corpus.keepIfNew(loaded, spec, scheduleSeed(1, i))) kept++;
  }
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(10);
  const names = corpus.names('race.ts');
  const again = opened(corpus.dir);
  expect(again.corpus.replay(loaded)).toMatchObject({ failures: [] });
  for (let i = 0; i < 50; i++) again.corpus.keepIfNew(loaded, spec, scheduleSeed(1, i));
  expect(again.corpus.names('race.ts')).toEqual(names);
  expect([...said, ...again.said]).toEqual([]);
});

test('a damaged entry is one warning, and the others are replayed', async () => {
  const loaded = await edited(folder(), same);
  const { corpus, said } = opened(folder());
  const file = corpus.keepFailure(loaded, spec, bugOf(loaded)) as string;
  const other = file.replace(/-[0-9a-f]{16}/, '-0000000000000000');
  copyFileSync(file, other);
  truncateSync(other, 100);
  writeFileSync(file.replace(/-[0-9a-f]{16}/, '-0000000000000001'), 'no recording at all');
  expect(corpus.replay(loaded).failures).toHaveLength(1);
  expect(said).toHaveLength(2);
  for (const text of said) expect(text).toMatch(/^warning: the corpus entry [^\n]+ is left out: /);
});

test('merging is copying: two corpora become one, and once more changes nothing', async () => {
  const loaded = await edited(folder(), same);
  const [one, two] = [opened(folder()), opened(folder())];
  one.corpus.keepFailure(loaded, spec, bugOf(loaded));
  for (let i = 0; i < 20; i++) two.corpus.keepIfNew(loaded, spec, scheduleSeed(1, i));
  const covers = two.corpus.names('race.ts').length;
  writeFileSync(join(two.corpus.dir, 'race.cover-0000000000000000.rumpus'), 'damaged');
  writeFileSync(join(two.corpus.dir, 'README'), 'no entry');
  const say = (text: string) => one.said.push(text);
  const merged = mergeCorpus(one.corpus, two.corpus.dir, say);
  expect(merged).toEqual({ added: covers, known: 0, damaged: 1 });
  expect(mergeCorpus(one.corpus, two.corpus.dir, say).added).toBe(0);
  expect(readdirSync(one.corpus.dir)).toHaveLength(covers + 1);
});

test('what is no folder is one sentence', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  expect(() => opened(file)).toThrow(/^\S+ cannot be a corpus: it is no folder$/);
  const { corpus } = opened(folder());
  expect(() => mergeCorpus(corpus, join(file, 'x'), () => {})).toThrow(/is no corpus: /);
});

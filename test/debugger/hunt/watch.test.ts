/** Watch mode: a round for each change, the round under way given up, nothing left behind. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesOf, rounds, Watcher } from '../../../debugger/hunt/watch/index.ts';
import { loadProgram } from '../../../debugger/index.ts';
import { until } from './server.ts';

const PROGRAM = `import { program } from 'rumpus';
import { one } from './one.ts';
export default program({}, function* main() { if (one !== 1) throw new Error('no'); });
`;

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'rumpus-watch-'));
  writeFileSync(join(dir, 'program.ts'), PROGRAM);
  writeFileSync(join(dir, 'one.ts'), 'export const one = 1;\n');
  return dir;
}

test('the files of a program are its entry and what it imports', async () => {
  const dir = folder();
  const files = filesOf(await loadProgram(join(dir, 'program.ts')));
  expect(files.sort()).toEqual([join(dir, 'one.ts'), join(dir, 'program.ts')]);
  rmSync(dir, { recursive: true });
});

test('a change of content is told once; saving the same is none, nor is another file', async () => {
  const dir = folder();
  const file = join(dir, 'one.ts');
  let changes = 0;
  const watcher = new Watcher(() => changes++);
  watcher.watch([file]);
  writeFileSync(file, 'export const one = 1;\n');
  writeFileSync(join(dir, 'other.ts'), '');
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(changes).toBe(0);
  for (const n of [2, 3, 4]) writeFileSync(file, `export const one = ${n};\n`);
  await until(() => changes > 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(changes).toBe(1);
  watcher.close();
  rmSync(dir, { recursive: true });
});

test('a round that a change comes into is given up, and another begins', async () => {
  const dir = folder();
  const file = join(dir, 'one.ts');
  const stop = new AbortController();
  const ended: string[] = [];
  const running = rounds({
    signal: stop.signal,
    round: async ({ number, signal, watch }) => {
      watch([file]);
      // The first waits for its end; the second is done at once; the third is the last.
      if (number === 1)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended.push(`${number} ${signal.aborted ? 'given up' : 'done'}`);
      if (number === 3) stop.abort();
    },
  });
  writeFileSync(file, 'export const one = 2;\n');
  await until(() => ended.length === 2);
  writeFileSync(file, 'export const one = 3;\n');
  await running;
  expect(ended).toEqual(['1 given up', '2 done', '3 done']);
  rmSync(dir, { recursive: true });
});

/** Cores of runs that ended with a throw: which throw it was, and its frames. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SPEC, executeWithCore, loadProgram } from '../../../debugger/index.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(import.meta.dirname, 'tmp-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program made of `body`, and gives the innermost frame that is not the kernel's. */
async function failing(name: string, body: string) {
  const file = join(folder, `${name}.ts`);
  const head = "import { program } from 'rumpus';\n";
  writeFileSync(
    file,
    `${head}export default program({ components: [] }, function* main(sys) {\n${body}\n});\n`,
  );
  const { run, state } = executeWithCore(await loadProgram(file), DEFAULT_SPEC);
  return { run, state, top: state?.head.stack[0] };
}

describe('a throw that nothing caught', () => {
  it('is found among those that were caught', async () => {
    const { run, state, top } = await failing(
      'caught',
      `  for (let i = 0; i < 30; i++) {
    try {
      throw new Error('caught');
    } catch {}
  }
  throw new Error('not caught');`,
    );
    expect(run.outcome.verdict).toBe('program-error');
    expect(top?.lineBase1).toBe(8);
    expect(state?.head.missing).toEqual([]);
  });

  it('is the first of its rethrows', async () => {
    const { top } = await failing(
      'rethrown',
      `  try {
    throw new Error('first');
  } catch (error) {
    throw error;
  }`,
    );
    expect(top?.lineBase1).toBe(4);
  });

  it('is found although much ran between it and the end', async () => {
    const { top } = await failing(
      'long-finally',
      `  let sum = 0;
  try {
    throw new Error('early');
  } finally {
    for (let i = 0; i < 100_000; i++) sum += i;
  }`,
    );
    expect(top?.lineBase1).toBe(5);
  });

  it('may throw anything', async () => {
    for (const [name, value] of [
      ['text', "'text'"],
      ['number', '17'],
      ['null', 'null'],
    ]) {
      const { top, run } = await failing(name, `  throw ${value};`);
      expect(run.outcome.verdict).toBe('program-error');
      expect(top?.lineBase1).toBe(3);
    }
  });

  it('before more throws than are looked at leaves a core of the end', async () => {
    const { state } = await failing(
      'many',
      `  try {
    throw new Error('not caught');
  } finally {
    for (let i = 0; i < 20_000; i++) {
      try {
        if (i % 5 === 0) throw new Error('caught');
      } catch {}
    }
  }`,
    );
    expect(state?.head.verdict).toBe('program-error');
    expect(state?.head.lwp).toBe(1);
  });
});

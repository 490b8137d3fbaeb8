import { expect, test } from 'vitest';
import { CHAPTERS } from '../../tui/tour/chapters.ts';
import { rumpus, workFolder } from './cli.ts';

const cwd = workFolder();

CHAPTERS.forEach((chapter, i) => {
  test(`chapter ${i + 1} of the tour shows what it promises: ${chapter.title}`, () => {
    const { status, stdout, stderr } = rumpus(cwd, ['tour', String(i + 1)]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const { command } of chapter.steps) {
      expect(stdout).toContain(`$ npx rumpus ${command[0]}`);
    }
    expect(stdout).toContain('What next');
  });
});

test('a chapter that does not exist is a sentence and exit 2', () => {
  const { status, stderr } = rumpus(cwd, ['tour', '9']);
  expect(status).toBe(2);
  expect(stderr).toContain("there is no chapter '9'");
});

/**
 * The extension in a user's project: a kernel test that fails opens in the debugger, and so does
 * the schedule that a hunt finds.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { needs } from '../../skip.ts';
import { type Editor, editorInstalled, startEditor, TEST_MS } from './editor.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const remedy = 'bash test/debugger/vscode/install.sh';
const { test, met } = needs('code-server and Chromium', remedy, editorInstalled());

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rumpus-project-')));
const project = join(folder, 'kernel-tests');
let editor: Editor;

const FAILS = `import { KASSERT } from 'rumpus';
import { test } from 'rumpus/vitest';

test('the first process', ({ kernel }) => {
  kernel.run(function* main(sys) {
    const pid = yield* sys.getpid();
    KASSERT(pid === 2, 'it is not the second');
  });
});
`;

/** A new project whose packages are those of the repository. */
function makeProject(): void {
  const init = [join(root, 'bin/rumpus.mjs'), 'init', project, '--no-install'];
  execFileSync(process.execPath, init, { stdio: 'pipe' });
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/rumpus'));
  symlinkSync(join(root, 'node_modules/vitest'), join(project, 'node_modules/vitest'));
  writeFileSync(join(project, 'test/fails.test.ts'), FAILS);
}

beforeAll(async () => {
  if (!met) return;
  makeProject();
  const vsix = join(folder, 'rumpus.vsix');
  execFileSync(process.execPath, [join(root, 'scripts/vsix.mjs'), vsix]);
  editor = await startEditor(project, vsix);
}, TEST_MS);

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await editor?.picture('failed');
});

afterAll(async () => {
  await editor?.close();
  rmSync(folder, { recursive: true, force: true });
}, TEST_MS);

test(
  'Debug above a kernel test that fails opens what happened',
  async () => {
    await editor.openFile('test/fails.test.ts');
    await (await editor.wait('.codelens-decoration a', 'Debug')).click();
    await editor.status(/icount [\d,]+ · LWP 1 main · core/);
    await editor.frame('main');
    await editor.picture('failed-test');
  },
  TEST_MS,
);

test(
  'the failed test is gone back in, to its beginning, and runs to its failure again',
  async () => {
    const failed = await editor.icount();
    await editor.toolbar('Step Back');
    const back = await editor.icountAfter(failed);
    expect(back).toBeLessThan(failed);
    await editor.picture('failed-test-and-back');
    await editor.toolbar('Reverse');
    const beginning = await editor.icountAfter(back);
    expect(beginning).toBeLessThan(back);
    await editor.picture('failed-test-beginning');
    await editor.toolbar('Continue');
    expect(await editor.icountAfter(beginning)).toBe(failed);
    await editor.endSession();
  },
  TEST_MS,
);

test(
  'Run tells of the core, and prints a link that opens it',
  async () => {
    await editor.openFile('test/fails.test.ts');
    await (await editor.wait('.codelens-decoration a', 'Run')).click();
    await editor.wait('.notification-list-item', 'failed and left a core');
    await editor.picture('links');
    await editor.followLink('rumpus.rumpus/open?core=');
    await editor.status(/icount [\d,]+ · LWP 1 main · core/);
    await editor.endSession();
  },
  TEST_MS,
);

test(
  'Hunt above a program finds the failing schedule, which can be gone back in',
  async () => {
    await editor.openFile('src/careless.ts');
    await (await editor.wait('.codelens-decoration a', 'Hunt')).click();
    await editor.status(/icount [\d,]+ · LWP \d+ .* · core/);
    await editor.picture('hunted');
    const failed = await editor.icount();
    await editor.toolbar('Step Back');
    expect(await editor.icountAfter(failed)).toBeLessThan(failed);
    await editor.picture('hunted-and-back');
  },
  TEST_MS,
);

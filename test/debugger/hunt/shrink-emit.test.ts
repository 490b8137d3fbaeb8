/**
 * Emitted tests, run by vitest in a project of their own with the built package: they fail while the
 * bug is there, with its report, and pass when it is fixed.
 */

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_SPEC, type RunSpec } from '../../../debugger/index.ts';
import { emitTest, shrink } from '../../../debugger/hunt/shrink/index.ts';
import { findFailing, loadFor } from './finding.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const project = realpathSync(mkdtempSync(join(tmpdir(), 'rumpus-emitted-')));
afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}

write('package.json', JSON.stringify({ name: 'mine', type: 'module' }));
write(
  'vitest.config.ts',
  "import { rumpus } from 'rumpus/vite';\nexport default { plugins: [rumpus()] };\n",
);
mkdirSync(join(project, 'node_modules'));
symlinkSync(root, join(project, 'node_modules/rumpus'), 'dir');
symlinkSync(join(root, 'node_modules/vitest'), join(project, 'node_modules/vitest'), 'dir');
cpSync(join(root, 'test/gallery/kern-43694'), join(project, 'src'), { recursive: true });
cpSync(join(root, 'test/debugger/programs/race.ts'), join(project, 'src/update.ts'));

function vitest(name: string) {
  const own = (variable: string) => /^(VITEST|RUMP|NODE_ENV|FORCE_COLOR|npm_)/.test(variable);
  const kept = Object.entries(process.env).filter(([variable]) => !own(variable));
  const env = { ...Object.fromEntries(kept), NO_COLOR: '1', CI: '1' };
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', name];
  return spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8' });
}

/** Finds a bug in `program`, and writes the test of it. */
async function emitted(program: string, spec: RunSpec): Promise<string> {
  const loaded = await loadFor(join(project, program), spec);
  const found = findFailing(loaded, spec);
  const shrunk = await shrink(loaded, spec, found);
  const text = emitTest(loaded, shrunk, found, join(project, 'test'));
  write('test/emitted.test.ts', text);
  return text;
}

const access: RunSpec = { ...DEFAULT_SPEC, grain: 'access', knobs: { preempt: true } };

test('the test of kern/43694 fails with the assertion, and passes with the fix', async () => {
  const text = await emitted('src/buggy.ts', access);
  expect(text).toContain("\nimport { test } from 'rumpus/vitest';\n");
  expect(text).toMatch(/\ntest\('buggy\.ts does not end with kassert: .*ff_refcnt == 0/);
  expect(text).toContain("new URL('../src/buggy.ts', import.meta.url), schedule);");
  expect(text.replace(/\n \* /g, ' ')).toContain('no schedule with fewer than 2 preemptions fails');
  const buggy = vitest('test/emitted.test.ts');
  expect(buggy.stdout + buggy.stderr).toMatch(/kassert: .*ff_refcnt == 0/);
  expect(buggy.stdout + buggy.stderr).toMatch(/replay {2}npx rumpus replay \.rumpus\/.*\.core/);
  expect(buggy.status).toBe(1);

  cpSync(join(project, 'src/fixed.ts'), join(project, 'src/buggy.ts'));
  expect(vitest('test/emitted.test.ts').status).toBe(0);
});

test('accesses are scheduling points in an emitted test too', async () => {
  const text = await emitted('src/update.ts', access);
  expect(text).toContain('  // LWP 3, at its access 2: LWP 2 runs next.');
  expect(text).toContain("  const schedule = 'preempt,access|3.2>2';");
  const { status, stdout, stderr } = vitest('test/emitted.test.ts');
  expect(stdout + stderr).toContain('program-error: Error: an update was lost: 1');
  expect(status).toBe(1);
});

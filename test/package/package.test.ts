/**
 * The package outside of the repository: installed from its tarball, a new project is written,
 * tested and type-checked, and the user's own components are debugged as ours are.
 */

import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { openCore } from '../../corefiles/index.ts';
import { needs } from '../skip.ts';
import {
  consumer,
  type Packed,
  pack,
  ROOT,
  registryAnswers,
  run,
  succeed,
  temporaryFolder,
  write,
} from './pack.ts';

const registry = needs('the npm registry', 'a network connection', registryAnswers());
const { test } = registry;

const folder = temporaryFolder();
const project = join(folder, 'new-project');
let packed: Packed;
let installed = '';

beforeAll(() => {
  if (!registry.met) return;
  packed = pack(folder);
  installed = consumer(folder, packed.tarball);
  succeed(installed, 'npx', 'rumpus', 'init', '../new-project');
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

function rumpus(...args: string[]) {
  return run(project, 'npx', ['rumpus', ...args]);
}

function vitest(...args: string[]) {
  return run(project, 'npx', ['vitest', 'run', ...args]);
}

/** The line (base 1) of a file of the project which contains a text. */
function lineOf(name: string, text: string): number {
  const lines = readFileSync(join(project, name), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

test('the tarball holds every file that the exports name, and is small', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
  };
  const named = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  );
  for (const path of named) expect(packed.files).toContain(path.replace('./', ''));
  expect(packed.files).toContain('dist/rumpus.vsix');
  expect(packed.files.filter((path) => path.endsWith('.test.ts'))).toEqual([]);
  expect(packed.sizeBytes).toBeLessThan(2_000_000);
});

test('nothing in the package names the machine that it was built on', () => {
  const home = join(installed, 'node_modules/rumpus');
  for (const path of packed.files) {
    if (!/\.(js|mjs|map|json|ts)$/.test(path)) continue;
    const text = readFileSync(join(home, path), 'utf8');
    expect(text.includes(ROOT) || text.includes(folder), path).toBe(false);
  }
});

test('the tests of a new project pass on the first run', () => {
  const { status, stdout } = run(project, 'npm', ['test']);
  expect(stdout).toMatch(/Tests {2}5 passed/);
  expect(status).toBe(0);
});

test('the programs of a new project run, and a hunt finds the careless one', () => {
  expect(rumpus('run', 'src/race.ts', '--ncpu', '2').status).toBe(0);
  const hunt = rumpus('hunt', 'src/careless.ts', '--ncpu', '2', '--json');
  expect(hunt.status).toBe(1);
  expect(JSON.parse(hunt.stdout)).toMatchObject({ verdict: 'kassert' });
});

test.each(['NodeNext', 'Bundler'])('the types hold with module resolution %s', (resolution) => {
  const module = resolution === 'Bundler' ? 'ESNext' : resolution;
  const args = ['tsc', '--noEmit', '--module', module, '--moduleResolution', resolution];
  expect(run(project, 'npx', args).stdout).toBe('');
});

test('an errno of a component outside of the repository has its origin there', () => {
  write(
    project,
    'src/negative.ts',
    `import { program } from 'rumpus';
import { counter } from './counter.ts';
export default program({ components: [counter] }, function* main(sys) {
  yield* sys.counter_add(-1);
});
`,
  );
  const { status, stdout } = rumpus('run', 'src/negative.ts', '--json');
  expect(status).toBe(1);
  const report = JSON.parse(stdout) as { verdict: string; icount: number; core: string };
  expect(report.verdict).toBe('program-error');
  const why = rumpus('why', 'src/negative.ts');
  const line = lineOf('src/counter.ts', 'return EINVAL');
  expect(why.stdout).toContain(`new-project/src/counter.ts:${line}`);
  expect(why.stdout).toContain('return EINVAL');
});

test('a component outside of the repository is counted statement by statement', () => {
  const icountOf = (statements: number): number => {
    const text = `import { component, program } from 'rumpus';
const own = component({ name: 'own', boot(k) { k.data ??= new Map();
  ${'k.nextPid += 0;\n'.repeat(statements)} } });
export default program({ components: [own] }, function* main(sys) { yield* sys.getpid(); });
`;
    write(project, 'src/own.ts', text);
    const { stdout } = rumpus('run', 'src/own.ts', '--json');
    return (JSON.parse(stdout) as { icount: number }).icount;
  };
  expect(icountOf(110) - icountOf(10)).toBe(100);
});

test('a core shows the frames and variables of a component outside of the repository', () => {
  write(
    project,
    'src/broken.ts',
    `import { component, done, KASSERT, type Lwp, type MaySleep, program, sysent } from 'rumpus';
function sys_break(_l: Lwp, amount: number): MaySleep<number> {
  const doubled = amount * 2;
  KASSERT(doubled < 10, 'too much');
  return done(doubled);
}
const own = component({ name: 'own', syscalls: { break_it: sysent(0, sys_break, ['number']) } });
export default program({ components: [own] }, function* main(sys) {
  const calls = sys as unknown as { break_it(n: number): MaySleep<number> };
  yield* calls.break_it(21);
});
`,
  );
  const { status, stdout } = rumpus('run', 'src/broken.ts', '--json');
  expect(status).toBe(1);
  const core = openCore(join(project, (JSON.parse(stdout) as { core: string }).core));
  const frames = core.lwps().flatMap((lwp) => lwp.frames);
  const frame = frames.find((one) => one.function === 'sys_break');
  const line = lineOf('src/broken.ts', 'KASSERT(doubled');
  expect(frame).toMatchObject({ path: 'new-project/src/broken.ts', lineBase1: line });
  expect(frame?.locals.find(({ name }) => name === 'doubled')?.value).toBe(42);
});

test('code that breaks the rules of the kernel is refused with its place', () => {
  write(
    project,
    'test/late.test.ts',
    `import { test } from 'rumpus/vitest';
test('late', ({ kernel }) => {
  kernel.run(function* () {
    Date.now();
  });
});
`,
  );
  const { status, stdout, stderr } = vitest('test/late.test.ts');
  rmSync(join(project, 'test/late.test.ts'));
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/new-project\/test\/late\.test\.ts:4:5: Date is not available/);
});

test('without the plugin, a test says what is missing', () => {
  const config = readFileSync(join(project, 'vitest.config.ts'), 'utf8');
  write(project, 'vitest.config.ts', 'export default {};\n');
  const { stdout, stderr } = vitest('test/counter.test.ts');
  write(project, 'vitest.config.ts', config);
  expect(stdout + stderr).toContain("`import { rumpus } from 'rumpus/vite'`");
});

const PANICS = `import { panic } from 'rumpus';
import { test } from 'rumpus/vitest';
import { describe } from 'vitest';
describe('a suite (1)', () => {
  test('the second run + panics', ({ kernel }) => {
    kernel.run((sys) => sys.getpid());
    kernel.hunt({ schedules: 5 }, function* main(sys) {
      yield* sys.getpid();
      panic('out of luck');
    });
  });
});
`;

test('the core of a failed test replays identically, and is refused when the test changed', () => {
  write(project, 'test/panics.test.ts', PANICS);
  const { status, stdout, stderr } = vitest('test/panics.test.ts');
  expect(status).toBe(1);
  expect(stderr).toContain('panic: out of luck');
  expect(stderr).toContain('main (new-project/test/panics.test.ts:9:7)');
  const command = /npx rumpus replay (\S+)/.exec(stdout + stderr);
  const core = command?.[1] ?? '';
  const replayed = rumpus('replay', core, '--json');
  expect(JSON.parse(replayed.stdout)).toMatchObject({ verdict: 'panic', identical: true });
  expect(replayed.status).toBe(0);
  const ofTest = readdirSync(join(project, '.rumpus')).filter((name) => name.includes('suite'));
  expect(ofTest).toEqual([core.replace('.rumpus/', '')]);
  expect(openCore(join(project, core)).lwps()[0].frames[0].path).toMatch(
    /new-project\/test|rumpus/,
  );
  write(project, 'test/panics.test.ts', PANICS.replace('yield*', 'yield* sys.getpid(); yield*'));
  const refused = rumpus('replay', core);
  rmSync(join(project, 'test/panics.test.ts'));
  expect(refused.stderr).toContain('new-project/test/panics.test.ts (main)');
  expect(refused.status).toBe(2);
});

test('a dependency that says it works with rumpus is compiled under vitest too', () => {
  const home = 'node_modules/rumpus-own-fs';
  const manifest = { name: 'rumpus-own-fs', type: 'module', peerDependencies: { rumpus: '*' } };
  write(project, `${home}/package.json`, JSON.stringify({ ...manifest, exports: './index.js' }));
  write(
    project,
    `${home}/index.js`,
    `import { component, ENXIO, sysent } from 'rumpus';
function* sys_own() { return ENXIO; }
export const own = component({ name: 'own', syscalls: { own: sysent(0, sys_own, []) } });
`,
  );
  write(
    project,
    'test/own.test.ts',
    `import { fails, test } from 'rumpus/vitest';
import { expect } from 'vitest';
// @ts-expect-error it has no types
import { own } from 'rumpus-own-fs';
test('own', ({ kernel }) => {
  kernel.run({ components: [own] }, function* (sys) {
    const error = yield* fails(() => (sys as any).own());
    expect(error).toHaveErrno('ENXIO', /rumpus-own-fs.index.js:2/);
  });
});
`,
  );
  const { status, stdout, stderr } = vitest('test/own.test.ts');
  expect(stdout + stderr).toContain('1 passed');
  expect(status).toBe(0);
});

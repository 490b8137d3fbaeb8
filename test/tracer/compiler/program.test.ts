/** User programs: bundled, instrumented, cached, instantiated (DESIGN.md, decisions 5 and 9). */

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hooks } from '../../../kernel/hooks.ts';
import {
  CompileError,
  type CompiledProgram,
  compileProgram,
  defaultCacheDir,
  instantiate,
} from '../../../tracer/compiler/index.ts';

const root = mkdtempSync(join(tmpdir(), 'rumpus-program-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let projects = 0;

/** A project of files, by path; gives its folder. */
function project(files: Record<string, string>): string {
  const dir = join(root, `p${++projects}`);
  const manifest = '{"name":"demo"}';
  for (const [path, text] of Object.entries({ 'package.json': manifest, ...files })) {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return dir;
}

const rumpus = {
  hooks,
  program: (options: unknown, main: unknown) => ({ options, main }),
};
const requireRumpus = (): unknown => rumpus;

const MAIN = `import { program } from 'rumpus';
import { helper } from './lib/helper.ts';
export default program({ ncpu: 2 }, function* main() {
  return helper(41);
});
`;
const HELPER = 'export function helper(n: number): number {\n  return n + 1;\n}\n';

describe('compileProgram', () => {
  test('bundles and instruments what a program imports, and leaves rumpus outside', async () => {
    const dir = project({ 'main.ts': MAIN, 'lib/helper.ts': HELPER });
    const compiled = await compileProgram(join(dir, 'main.ts'), { cacheDir: false });
    expect(compiled.entry).toBe('demo/main.ts');
    expect(compiled.modules.map((one) => one.path)).toEqual(['demo/lib/helper.ts', 'demo/main.ts']);
    expect(compiled.modules[0].source).toBe(HELPER);
    expect(compiled.stateful).toBe(false);
    const exports = instantiate(compiled, requireRumpus) as {
      default: { options: unknown; main(): Iterator<void, number> };
    };
    expect(exports.default.options).toEqual({ ncpu: 2 });
    const before = hooks.icount;
    expect(exports.default.main().next().value).toBe(42);
    expect(hooks.icount - before).toBe(4);
    hooks.pending = 0;
  });

  test('gives a source map with portable paths that leads back to the line', async () => {
    const dir = project({ 'main.ts': MAIN, 'lib/helper.ts': HELPER });
    const { code, map } = await compileProgram(join(dir, 'main.ts'), { cacheDir: false });
    const parsed = JSON.parse(map);
    expect(parsed.sources.sort()).toEqual(['demo/lib/helper.ts', 'demo/main.ts']);
    const lines = code.split('\n');
    const line = lines.findIndex((one) => one.includes('n + 1'));
    const entry = new SourceMap(JSON.parse(map)).findEntry(line, lines[line].indexOf('n + 1'));
    expect(entry).toMatchObject({
      originalSource: 'demo/lib/helper.ts',
      originalLine: 1,
      originalColumn: 9,
    });
    expect(map).not.toContain(root);
    expect(code).not.toContain(root);
  });

  test('has an identity that depends on content and portable paths only', async () => {
    const files = { 'main.ts': MAIN, 'lib/helper.ts': HELPER };
    const [a, b, c] = await Promise.all(
      [files, files, { ...files, 'lib/helper.ts': HELPER.replace('1', '2') }].map((one) =>
        compileProgram(join(project(one), 'main.ts'), { cacheDir: false }),
      ),
    );
    expect(a.identity).toBe(b.identity);
    expect(a.identity).not.toBe(c.identity);
  });

  test('shares a stateless program and instantiates a stateful one anew', async () => {
    const compile = (text: string): Promise<CompiledProgram> =>
      compileProgram(join(project({ 'main.ts': text }), 'main.ts'), { cacheDir: false });
    const stateless = await compile('export const f = (): number => 1;');
    expect(instantiate(stateless, requireRumpus)).toBe(instantiate(stateless, requireRumpus));
    const stateful = await compile('let n = 0; export const f = (): number => ++n;');
    expect(stateful.stateful).toBe(true);
    const [one, two] = [0, 1].map(() => instantiate(stateful, requireRumpus) as { f(): number });
    expect([one.f(), one.f(), two.f()]).toEqual([1, 2, 1]);
  });

  test('says everything that is wrong in all files at once, with lines', async () => {
    const dir = project({
      'main.ts': `import './other.ts';\nexport function f() {\n  return Date.now();\n}\n`,
      'other.ts': 'export const x = Math.random();\n',
    });
    const error = await compileProgram(join(dir, 'main.ts'), { cacheDir: false }).catch((e) => e);
    expect(error).toBeInstanceOf(CompileError);
    const places = (error as CompileError).violations.map((one) => `${one.path}:${one.lineBase1}`);
    expect(places.sort()).toEqual(['demo/main.ts:3', 'demo/other.ts:1']);
    expect(error.message).toContain('  return Date.now();');
  });

  test('says which import cannot be found, and which is of the host', async () => {
    const missing = project({ 'main.ts': "import './nowhere.ts';\n" });
    const options = { cacheDir: false } as const;
    await expect(compileProgram(join(missing, 'main.ts'), options)).rejects.toThrow(
      /demo\/main.ts:1:8: .*nowhere/,
    );
    const host = project({
      'main.ts': "import 'dep';\n",
      'node_modules/dep/package.json': '{"name":"dep","main":"index.js"}',
      'node_modules/dep/index.js': "import 'node:fs';\n",
    });
    await expect(compileProgram(join(host, 'main.ts'), options)).rejects.toThrow(
      /dep\/index.js:1:8: the Node module node:fs is not available/,
    );
  });

  test('instruments packages that work with rumpus, and takes others as they are', async () => {
    const manifest = (name: string, more: object): string =>
      JSON.stringify({ name, type: 'module', main: 'index.js', ...more });
    const dir = project({
      'main.ts':
        "import { a } from 'myfs'; import { b } from 'plain'; export const f = () => a() + b();",
      'node_modules/myfs/package.json': manifest('myfs', { peerDependencies: { rumpus: '*' } }),
      'node_modules/myfs/index.js': 'export function a() { return 1; }',
      'node_modules/plain/package.json': manifest('plain', {}),
      'node_modules/plain/index.js': 'export function b() { return Date.now() * 0; }',
    });
    const compiled = await compileProgram(join(dir, 'main.ts'), { cacheDir: false });
    const counted = compiled.modules.filter((one) => one.functionHashes.length > 0);
    expect(counted.map((one) => one.path)).toEqual(['demo/main.ts', 'myfs/index.js']);
    expect((instantiate(compiled, requireRumpus) as { f(): number }).f()).toBe(1);
  });
});

describe('stateful', () => {
  test.each([
    ['let x = 1', true],
    ['const list: number[] = []', true],
    ['const cache = new Map()', true],
    ['const o = { a: 1 }', true],
    ['class A { static n = 0 }', true],
    ['console', true],
    ['const o = { a: 1, b: [1, "x"] } as const', false],
    ['const o = Object.freeze({ a: 1 })', false],
    ['const n = 1 << 4, s = "x", t = `y`, u = -n0, f = () => 1', true],
    ['const n = 1 << 4, s = "x", t = `y`, f = () => 1, g = function* () {}', false],
    ['export class A { n = 0; m() {} }', false],
    ['enum E { A } interface I {} type T = 1; declare let y: number', false],
    ['import { program } from "rumpus"; export default program({}, function* () {})', false],
  ])('%s: %s', async (text, stateful) => {
    const source = text.includes('console') ? 'export {}; globalThis.x = 1' : text;
    const dir = project({ 'main.ts': source });
    const compiled = await compileProgram(join(dir, 'main.ts'), { cacheDir: false });
    expect(compiled.stateful).toBe(stateful);
  });
});

describe('the cache', () => {
  const files = { 'main.ts': MAIN, 'lib/helper.ts': HELPER };

  test('gives back what was compiled until an input changes', async () => {
    const dir = project(files);
    const cacheDir = join(dir, 'cache');
    const entry = join(dir, 'main.ts');
    const first = await compileProgram(entry, { cacheDir });
    expect(await compileProgram(entry, { cacheDir })).toEqual(first);
    const program = readdirSync(cacheDir).find((name) => name.endsWith('.program'))!;
    const marked = { ...first, entry: 'from the cache' };
    const { createHash } = await import('node:crypto');
    const text = JSON.stringify(marked);
    const sum = createHash('sha256').update(text).digest('hex').slice(0, 40);
    writeFileSync(join(cacheDir, program), `${sum}\n${text}`);
    expect((await compileProgram(entry, { cacheDir })).entry).toBe('from the cache');
    expect((await compileProgram(entry, { cacheDir, rumpusVersion: '2' })).entry).toBe(first.entry);
    writeFileSync(join(dir, 'lib/helper.ts'), HELPER.replace('1', '2'));
    expect((await compileProgram(entry, { cacheDir })).identity).not.toBe(first.identity);
  });

  test('ignores damaged entries', async () => {
    const dir = project(files);
    const cacheDir = join(dir, 'cache');
    const entry = join(dir, 'main.ts');
    const first = await compileProgram(entry, { cacheDir });
    for (const name of readdirSync(cacheDir)) {
      const path = join(cacheDir, name);
      const content = readFileSync(path, 'utf8');
      for (const damaged of [content.slice(0, 60), content.replace('return', 'retorn'), 'null']) {
        writeFileSync(path, damaged);
        expect(await compileProgram(entry, { cacheDir })).toEqual(first);
      }
    }
  });

  test('is not needed: a folder that cannot be written, or RUMPUS_CACHE=off', async () => {
    const dir = project({ ...files, file: '' });
    const entry = join(dir, 'main.ts');
    const compiled = await compileProgram(entry, { cacheDir: join(dir, 'file', 'cache') });
    expect(compiled.entry).toBe('demo/main.ts');
    const cacheDir = join(dir, 'off');
    process.env['RUMPUS_CACHE'] = 'off';
    await compileProgram(entry, { cacheDir }).finally(() => delete process.env['RUMPUS_CACHE']);
    expect(readdirSync(dir)).not.toContain('off');
    const readOnly = join(dir, 'ro');
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o555);
    expect((await compileProgram(entry, { cacheDir: readOnly })).entry).toBe('demo/main.ts');
  });

  test('lies where the host keeps caches', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'rumpus'));
    expect(defaultCacheDir({}, 'linux')).toMatch(/\.cache.rumpus$/);
    expect(defaultCacheDir({}, 'darwin')).toMatch(/Library.Caches.rumpus$/);
    expect(defaultCacheDir({ LOCALAPPDATA: 'C:\\x' }, 'win32')).toMatch(/^C:\\x.rumpus$/);
  });
});

/** The plugins, and which files they take. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { build as viteBuild } from 'vite';
import { afterAll, describe, expect, test } from 'vitest';
import {
  kernelModule,
  programInclude,
  programModule,
  type RumpusPluginOptions,
  rumpusPlugin,
} from '../../../tracer/compiler/index.ts';

const root = mkdtempSync(join(tmpdir(), 'rumpus-plugin-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SOURCE = `import { other } from './other.ts';
export function f(a: number): number {
  if (a) other(a); return a + 1000001;
}
`;
writeFileSync(join(root, 'main.ts'), SOURCE);
writeFileSync(join(root, 'other.ts'), 'export const other = (x: unknown): unknown => x;\n');

const options: RumpusPluginOptions = {
  include: (path) => (path.endsWith('main.ts') ? 'demo/main.ts' : undefined),
  rules: 'program',
};

/** Where the constant of SOURCE is, by the map of a bundle. */
function locate(code: string, map: string): unknown {
  const lines = code.split('\n');
  const line = lines.findIndex((text) => text.includes('1000001'));
  return new SourceMap(JSON.parse(map)).findEntry(line, lines[line].indexOf('a + 1000001'));
}

const PLACE = { originalLine: 2, originalColumn: 26 };

describe('rumpusPlugin', () => {
  test('instruments under esbuild, with composed maps', async () => {
    const result = await build({
      entryPoints: [join(root, 'main.ts')],
      outfile: join(root, 'out.js'),
      bundle: true,
      format: 'esm',
      write: false,
      sourcemap: 'external',
      external: ['rumpus/hooks'],
      plugins: [rumpusPlugin.esbuild(options)],
    });
    const [map, code] = result.outputFiles.map((file) => file.text);
    expect(code).toContain('icount');
    expect(code.match(/rumpus\/hooks/g)).toHaveLength(1);
    expect(locate(code, map)).toMatchObject({ ...PLACE, originalSource: 'main.ts' });
  });

  test('instruments under Vite, with composed maps', async () => {
    const modules: string[] = [];
    const result = await viteBuild({
      root,
      logLevel: 'silent',
      configFile: false,
      plugins: [rumpusPlugin.vite({ ...options, onModule: (table) => modules.push(table.path) })],
      build: {
        write: false,
        minify: false,
        sourcemap: true,
        lib: { entry: join(root, 'main.ts'), formats: ['es'] },
        rollupOptions: { external: ['rumpus/hooks'] },
      },
    });
    const [{ output }] = result as unknown as { output: { code: string; map: object }[] }[];
    expect(modules).toEqual(['demo/main.ts']);
    expect(output[0].code).toContain('icount');
    const map = JSON.stringify(output[0].map);
    expect(locate(output[0].code, map)).toMatchObject(PLACE);
  });

  test('fails the build with the compiler’s own message', async () => {
    writeFileSync(join(root, 'badmain.ts'), 'Date.now();\n');
    const failing = build({
      entryPoints: [join(root, 'badmain.ts')],
      bundle: true,
      write: false,
      logLevel: 'silent',
      plugins: [rumpusPlugin.esbuild(options)],
    });
    await expect(failing).rejects.toThrow(/demo\/main.ts:1:1: Date is not available/);
  });
});

describe('which files are instrumented', () => {
  test.each([
    ['kernel/kern/kern_mutex.ts', 'rumpus/kernel/kern/kern_mutex.ts'],
    ['kernel\\vfs\\vfs_lookup.ts', 'rumpus/kernel/vfs/vfs_lookup.ts'],
    ['kernel/rumpuser/rumpuser.ts', undefined],
    ['kernel/rumpuser/node/disk.ts', undefined],
    ['kernel/world/world.ts', undefined],
    ['kernel/trace/ring.ts', undefined],
    ['kernel/hooks.ts', undefined],
    ['kernel/index.ts', undefined],
    ['tracer/compiler/index.ts', undefined],
  ])('of our own: %s → %s', (path, portable) => {
    expect(kernelModule(path)).toBe(portable);
  });

  test('a user’s files under the project, and no packages', () => {
    expect(programModule('/home/u/demo/src/a.ts', 'demo', '/home/u/demo')).toBe('demo/src/a.ts');
    expect(programModule('C:\\demo\\a.ts', 'demo', 'C:\\demo\\')).toBe('demo/a.ts');
    expect(programModule('/demo/node_modules/x/a.js', 'demo', '/demo')).toBeUndefined();
    expect(programModule('/demo2/a.ts', 'demo', '/demo')).toBeUndefined();
    expect(programModule('/demo/a.css', 'demo', '/demo')).toBeUndefined();
  });

  test('by content: what imports rumpus or has generators; of test files the generators', () => {
    const project = { name: 'demo', rootDir: '/demo' };
    const include = (file: string, code: string): unknown => programInclude(file, code, project);
    expect(include('/demo/a.ts', "import { program } from 'rumpus';")).toEqual({
      path: 'demo/a.ts',
    });
    expect(include('/demo/a.ts', 'export function* f() {}')).toEqual({ path: 'demo/a.ts' });
    expect(include('/demo/a.ts', 'export const x = 1;')).toBeUndefined();
    expect(include('/demo/a.test.ts', "import { test } from 'rumpus/vitest';")).toEqual({
      path: 'demo/a.test.ts',
      onlyGenerators: true,
    });
    expect(include('/demo/a.test.ts', "import { run } from 'rumpus';")).toBeUndefined();
  });
});

/**
 * Builds dist/: first the compiler alone, then everything else with the compiler in the pipeline,
 * so that the kernel in the package is instrumented and there is one instance of it.
 *
 *   dist/index.js      import … from 'rumpus'        dist/cli.js       the rumpus command
 *   dist/hooks.js      what compiled programs import dist/vitest*.js   the vitest integration
 *   dist/sources.json  the kernel's sources, for reports and cores
 */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = resolve(root, 'dist');
const external = ['esbuild', 'oxc-parser', 'magic-string', 'unplugin', 'commander', 'vitest', 'vite'];
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external,
  logLevel: 'warning',
  legalComments: 'none',
};

/** Entry points that exist, by their name in dist/. */
const entries = {
  index: 'kernel/index.ts',
  hooks: 'kernel/hooks.ts',
  cli: 'tui/main.ts',
  worker: 'debugger/hunt/worker.ts',
  vitest: 'tracer/vitest/index.ts',
  'vitest-plugin': 'tracer/vitest/plugin.ts',
};

async function loadCompiler() {
  const outfile = resolve(dist, 'bootstrap/compiler.mjs');
  await build({ ...common, entryPoints: ['tracer/compiler/index.ts'], outfile });
  return import(pathToFileURL(outfile).href);
}

async function main() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const { kernelModule, rumpusPlugin, imageIdentity } = await loadCompiler();
  const modules = [];
  const instrument = rumpusPlugin.esbuild({
    include: (path) => kernelModule(relative(root, path).replaceAll('\\', '/')),
    hooks: resolve(root, 'kernel/hooks.ts'),
    rules: 'kernel',
    onModule: (table, path, code) => modules.push({ table, code }),
  });
  const found = Object.entries(entries).filter(([, file]) => existsSync(resolve(root, file)));
  await build({
    ...common,
    entryPoints: Object.fromEntries(found),
    outdir: dist,
    splitting: true,
    sourcemap: 'linked',
    sourcesContent: false,
    chunkNames: 'chunk-[hash]',
    plugins: [instrument],
    define: { 'process.env.RUMPUS_VERSION': JSON.stringify(await version()) },
  });
  modules.sort((a, b) => (a.table.path < b.table.path ? -1 : 1));
  const sources = modules.map(({ table, code }) => ({ path: table.path, text: code }));
  await writeFile(resolve(dist, 'sources.json'), JSON.stringify(sources));
  const tables = modules.map(({ table }) => table);
  await writeFile(resolve(dist, 'image.json'), JSON.stringify({ identity: imageIdentity(tables) }));
  await rm(resolve(dist, 'bootstrap'), { recursive: true, force: true });
}

async function version() {
  return JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8')).version;
}

await main();

/**
 * Builds dist/: first the compiler alone, then everything else with the compiler in the pipeline,
 * so that the kernel in the package is instrumented and there is one instance of it.
 *
 *   dist/index.js      import … from 'rumpus'        dist/cli.js       the rumpus command
 *   dist/hooks.js      what compiled programs import dist/vitest*.js   the vitest integration
 *   dist/target.js     the process that is debugged, and dist/inspector-worker.cjs in it
 *   dist/watching.js   what has a test's process tell of fields that are watched
 *   dist/sources.json  the kernel's sources, for reports and cores
 *   dist/flamegraph.*  script and style of the flamegraph page, put into it by `rumpus profile`
 *   dist/timeline.*    script and style of the timeline picture
 *   dist/report.*      script and style of the page of a hunt's report
 *   dist/rumpus.vsix   the VS Code extension (vsix.mjs)
 *
 * A build is made beside dist/ and takes its place when it is whole. --out <dir> builds elsewhere.
 */

import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildVsix } from './vsix.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outAt = process.argv.indexOf('--out');
const target = resolve(root, outAt < 0 ? 'dist' : process.argv[outAt + 1]);
/** As deep in the tree as the target, so that the maps' relative paths hold. */
const dist = `${target}.${process.pid}.tmp`;
const external = [
  'esbuild',
  'oxc-parser',
  'magic-string',
  'unplugin',
  'commander',
  'vitest',
  'vite',
  'ws',
  'chrome-remote-interface',
  '@vscode/debugadapter',
  'bullmq',
  'ioredis',
];
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  // A linked node_modules keeps its short paths, which stand in comments and maps.
  preserveSymlinks: true,
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
  'fleet-thread': 'debugger/hunt/fleet/thread.ts',
  vitest: 'debugger/vitest/index.ts',
  vite: 'debugger/vitest/plugin.ts',
  target: 'debugger/agent/entry.ts',
  loading: 'debugger/agent/data/loading.ts',
  watching: 'debugger/vitest/watching.ts',
};

/**
 * Whoever imports the kernel imports dist/index.js: `import * as kernel` is then the host's own
 * namespace. One that is bundled is an object of a thousand getters, made at each start.
 */
const kernelIsIndex = {
  name: 'kernel is index.js',
  setup({ onResolve }) {
    onResolve({ filter: /(^|\/)kernel\/index\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './index.js', external: true },
    );
  },
};

async function loadCompiler() {
  const outfile = resolve(dist, 'bootstrap/compiler.mjs');
  await build({ ...common, entryPoints: ['tracer/compiler/index.ts'], outfile });
  return import(pathToFileURL(outfile).href);
}

async function main() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const { kernelModule, rumpusPlugin, imageIdentity, constantHooks } = await loadCompiler();
  const modules = [];
  const instrument = rumpusPlugin.esbuild({
    include: (path) => kernelModule(relative(root, path).replaceAll('\\', '/')),
    hooks: resolve(root, 'kernel/hooks.ts'),
    rules: 'kernel',
    onModule: (table, _path, code) => modules.push({ table, code }),
  });
  const found = Object.entries(entries).filter(([, file]) => existsSync(resolve(root, file)));
  const { outputFiles } = await build({
    ...common,
    write: false,
    entryPoints: Object.fromEntries(found),
    outdir: dist,
    splitting: true,
    sourcemap: 'linked',
    sourcesContent: false,
    chunkNames: 'chunk-[hash]',
    plugins: [kernelIsIndex, instrument],
    define: { 'process.env.RUMPUS_VERSION': JSON.stringify(await version()) },
  });
  for (const { path, text } of outputFiles) {
    await writeFile(path, path.endsWith('.js') ? constantHooks(text) : text);
  }
  modules.sort((a, b) => (a.table.path < b.table.path ? -1 : 1));
  const sources = modules.map(({ table, code }) => ({ path: table.path, text: code }));
  await writeFile(resolve(dist, 'sources.json'), JSON.stringify(sources));
  const tables = modules.map(({ table }) => table);
  await writeFile(resolve(dist, 'image.json'), JSON.stringify({ identity: imageIdentity(tables) }));
  await buildInspectorWorker();
  await buildPages();
  await buildVsix(resolve(dist, 'rumpus.vsix'));
  await rm(resolve(dist, 'bootstrap'), { recursive: true, force: true });
  await replaceTarget();
}

/** With the WebSocket server in it: a debugger waits for this worker, and modules load slowly. */
async function buildInspectorWorker() {
  const license = await readFile(resolve(root, 'node_modules/ws/LICENSE'), 'utf8');
  await build({
    ...common,
    entryPoints: ['debugger/agent/inspector-worker.ts'],
    outfile: resolve(dist, 'inspector-worker.cjs'),
    format: 'cjs',
    external: ['bufferutil', 'utf-8-validate'],
    banner: { js: `/*! ws (https://github.com/websockets/ws)\n${license}*/` },
  });
}

/** Scripts and styles for pages that need no network: the flame graph with d3, the timeline, reports. */
async function buildPages() {
  await buildPage('flamegraph', 'tracer/profile/page', {});
  await buildPage('timeline', 'tracer/timeline/page', { globalName: 'rumpusTimeline' });
  await buildPage('report', 'debugger/hunt/report/page', {});
}

async function buildPage(name, folder, more) {
  const entry = resolve(root, folder, 'main.js');
  if (!existsSync(entry)) return;
  await build({
    ...common,
    ...more,
    entryPoints: { [name]: entry },
    outdir: dist,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    external: [],
    minify: true,
    legalComments: 'inline',
  });
  await copyFile(resolve(root, folder, 'style.css'), resolve(dist, `${name}.css`));
}

/** Puts the new build in place of the old one; whoever runs the old one keeps its open files. */
async function replaceTarget() {
  const old = `${target}.${process.pid}.old`;
  await rename(target, old).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(dist, target);
  await rm(old, { recursive: true, force: true });
}

async function version() {
  return JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8')).version;
}

try {
  await main();
} finally {
  await rm(dist, { recursive: true, force: true });
}

/**
 * Builds dist/: first the compiler alone, then everything else with the compiler in the pipeline,
 * so that the kernel in the package is instrumented and there is one instance of it.
 *
 *   dist/index.js      import … from 'rumpus'        dist/cli.js       the rumpus command
 *   dist/kernel.js     the kernel, or, where RUMPUS_ACCESSES says so, dist/access/kernel.js:
 *                      the same compiled once more, telling of its accesses. Nothing else is built
 *                      twice: index.js takes one of them, and all others import index.js
 *   dist/recorded.js   says which kernel a recording was made with, before one is loaded
 *   dist/shared/       modules that both have in common
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
  kernel: 'kernel/index.ts',
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
 * Modules of the kernel of which a realm has one instance whichever kernel it takes: the hooks, and
 * what is imported past kernel/index.ts.
 */
const shared = ['hooks', 'accesses', 'sites', 'maysleep', 'world/op', 'kern/errno'];
const sharedName = (module) => `shared/${module.replaceAll('/', '-')}`;
for (const module of shared) entries[sharedName(module)] = `kernel/${module}.ts`;

/**
 * Whoever imports the kernel imports dist/index.js: `import * as kernel` is then the host's own
 * namespace. One that is bundled is an object of a thousand getters, made at each start.
 */
const kernelIsIndex = {
  name: 'kernel is index.js',
  setup({ onResolve }) {
    onResolve({ filter: /(^|\/)kernel\/index\.ts$/ }, ({ kind }) =>
      kind === 'entry-point'
        ? undefined
        : { path: './index.js', external: true, sideEffects: false },
    );
    onResolve({ filter: /^\.\/recorded\.ts$/ }, () => ({ path: './recorded.js', external: true }));
  },
};

/**
 * In the build of the second kernel, the shared modules are those of the first, whose metafile says
 * what they export: of a module that is outside, esbuild would not know what `export *` means.
 */
const sharedStay = (exportsOf) => ({
  name: 'shared modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
      const module = relative(resolve(root, 'kernel'), resolve(resolveDir, path));
      const name = module.replaceAll('\\', '/').replace(/\.ts$/, '');
      return shared.includes(name) ? { path: sharedName(name), namespace: 'shared' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
      contents: `export { ${exportsOf(path).join(', ')} } from '../${path}.js';`,
    }));
    onResolve({ filter: /\.js$/, namespace: 'shared' }, ({ path }) => ({ path, external: true }));
  },
});

async function loadCompiler() {
  const outfile = resolve(dist, 'bootstrap/compiler.mjs');
  await build({ ...common, entryPoints: ['tracer/compiler/index.ts'], outfile });
  return import(pathToFileURL(outfile).href);
}

async function main() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const compiler = await loadCompiler();
  const { modules, exportsOf } = await buildPackage(compiler);
  const sources = modules.map(({ table, code }) => ({ path: table.path, text: code }));
  await writeFile(resolve(dist, 'sources.json'), JSON.stringify(sources));
  await writeIdentity(compiler, modules, dist);
  await writeIdentity(
    compiler,
    await buildAccessKernel(compiler, exportsOf),
    resolve(dist, 'access'),
  );
  await buildRecorded();
  await buildInspectorWorker();
  await buildPages();
  await buildVsix(resolve(dist, 'rumpus.vsix'));
  await rm(resolve(dist, 'bootstrap'), { recursive: true, force: true });
  await replaceTarget();
}

/** Everything, with the kernel as it is when nobody asks for accesses. */
async function buildPackage(compiler) {
  const found = Object.entries(entries).filter(([, file]) => existsSync(resolve(root, file)));
  const { metafile, modules } = await buildInstrumented(compiler, {
    access: 'untold',
    entryPoints: Object.fromEntries(found),
    outdir: dist,
    splitting: true,
    plugins: [kernelIsIndex],
    define: { 'process.env.RUMPUS_VERSION': JSON.stringify(await version()) },
  });
  const outputs = Object.entries(metafile.outputs);
  const exportsOf = (name) => outputs.find(([file]) => file.endsWith(`/${name}.js`))[1].exports;
  await writeFile(resolve(dist, 'index.js'), indexText(exportsOf('kernel')));
  return { modules, exportsOf };
}

/** What reads a recording before it is settled which kernel is loaded: none may be in it. */
async function buildRecorded() {
  const entryPoints = { recorded: 'tui/recorded.ts' };
  await build({ ...common, entryPoints, outdir: dist, plugins: [kernelIsIndex] });
  const text = await readFile(resolve(dist, 'recorded.js'), 'utf8');
  if (text.includes('index.js')) throw new Error('tui/recorded.ts must not import the kernel');
}

/** The kernel alone, whose modules tell of their accesses (kernel/accesses.ts). */
async function buildAccessKernel(compiler, exportsOf) {
  const { modules } = await buildInstrumented(compiler, {
    access: 'told',
    entryPoints: { kernel: entries.kernel },
    outdir: resolve(dist, 'access'),
    plugins: [sharedStay(exportsOf)],
  });
  const errno = await readFile(resolve(root, 'kernel/kern/errno.ts'), 'utf8');
  return [...modules, instrumentedErrno(compiler, errno)];
}

/** errno.ts is shared, and in both images. */
function instrumentedErrno({ instrument, kernelModule }, code) {
  return { table: instrument(code, { path: kernelModule('kernel/kern/errno.ts') }).table, code };
}

/** Builds and writes; gives esbuild's metafile and the modules that were instrumented. */
async function buildInstrumented(compiler, { access, plugins, ...options }) {
  const { kernelModule, tellsAccesses, rumpusPlugin, constantHooks } = compiler;
  const modules = [];
  const pathOf = (path) => kernelModule(relative(root, path).replaceAll('\\', '/'));
  const instrument = rumpusPlugin.esbuild({
    include: (path) => {
      const portable = pathOf(path);
      if (access === 'untold' || portable === undefined) return portable;
      return { path: portable, access: tellsAccesses(portable) };
    },
    hooks: resolve(root, 'kernel/hooks.ts'),
    rules: 'kernel',
    onModule: (table, _path, code) => modules.push({ table, code }),
  });
  const { outputFiles, metafile } = await build({
    ...common,
    ...options,
    write: false,
    metafile: true,
    sourcemap: 'linked',
    sourcesContent: false,
    chunkNames: 'chunk-[hash]',
    plugins: [...plugins, instrument],
  });
  for (const { path, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith('.js') ? constantHooks(text) : text);
  }
  return { metafile, modules };
}

async function writeIdentity({ imageIdentity }, modules, folder) {
  const tables = modules.map(({ table }) => table);
  tables.sort((a, b) => (a.path < b.path ? -1 : 1));
  const identity = imageIdentity(tables);
  await writeFile(resolve(folder, 'image.json'), JSON.stringify({ identity }));
}

/** index.js: one of the two kernels, of which a realm has only one. */
function indexText(names) {
  return [
    "const told = process.env.RUMPUS_ACCESSES === 'kernel';",
    "const kernel = await (told ? import('./access/kernel.js') : import('./kernel.js'));",
    `export const {\n  ${[...names].sort().join(',\n  ')},\n} = kernel;\n`,
  ].join('\n');
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

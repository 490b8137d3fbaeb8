/**
 * Builds the two images that are measured, as scripts/build.mjs builds the package:
 *
 *   instrumented/bench.js  the bench itself with the kernel as it is shipped
 *   instrumented/worker.js a thread of a hunt, which looks for its file there
 *   plain/index.js         the same kernel without instrumentation, to compare with
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Inside node_modules, so that the images find the packages that they import. */
const out = resolve(root, 'node_modules/.cache/rumpus-bench');
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: [
    'esbuild',
    'oxc-parser',
    'magic-string',
    'unplugin',
    'memfs',
    'chrome-remote-interface',
  ],
  logLevel: 'warning',
  legalComments: 'none',
};

async function loadCompiler() {
  const outfile = resolve(out, 'compiler.mjs');
  await build({ ...common, entryPoints: ['tracer/compiler/index.ts'], outfile });
  return import(pathToFileURL(outfile).href);
}

/** Paths of the built images. */
export async function buildImages() {
  const { kernelModule, rumpusPlugin, constantHooks } = await loadCompiler();
  const instrument = rumpusPlugin.esbuild({
    include: (path) => kernelModule(relative(root, path).replaceAll('\\', '/')),
    hooks: resolve(root, 'kernel/hooks.ts'),
    rules: 'kernel',
  });
  const bench = resolve(out, 'instrumented/bench.js');
  const plain = resolve(out, 'plain/index.js');
  const worker = resolve(out, 'instrumented/worker.js');
  const instrumented = async (entry, outfile) => {
    const options = { ...common, entryPoints: [entry], outfile, write: false };
    const { outputFiles } = await build({ ...options, plugins: [instrument] });
    await mkdir(dirname(outfile), { recursive: true });
    await writeFile(outfile, constantHooks(outputFiles[0].text));
  };
  await Promise.all([
    instrumented('bench/bench.ts', bench),
    instrumented('debugger/hunt/worker.ts', worker),
    build({ ...common, entryPoints: ['kernel/index.ts'], outfile: plain }),
  ]);
  return { root, bench, plain };
}

/**
 * Tests run the kernel as the compiler instruments it. RUMPUS_PLAIN=1 runs it as written, for the
 * tests which hold that both mean the same; RUMPUS_ACCESSES=kernel runs the one of the access image.
 */

import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { CountsReporter } from './test/skips.ts';
import {
  huntsInTests,
  type Included,
  kernelModule,
  rumpusPlugin,
  tellsAccesses,
} from './tracer/compiler/index.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const GENERATOR = /\bfunction\s*\*/;

/** Kernel modules, gallery programs, and the generators of kernel tests. */
function include(path: string, code: string): string | Included | undefined {
  const inside = relative(root, path).replaceAll('\\', '/');
  if (inside.startsWith('kernel/')) {
    const portable = kernelModule(inside);
    if (!told || portable === undefined) return portable;
    return { path: portable, access: tellsAccesses(portable) };
  }
  if (inside.startsWith('test/gallery/') && !inside.endsWith('.test.ts')) return `rumpus/${inside}`;
  if (/^test\/(kernel|gallery|debugger\/vitest)\//.test(inside) && GENERATOR.test(code)) {
    const access = huntsInTests(path, code);
    return { path: `rumpus/${inside}`, onlyGenerators: true, access };
  }
  return undefined;
}

const hooks = resolve(root, 'kernel/hooks.ts');
const told = process.env['RUMPUS_ACCESSES'] === 'kernel';
const plain = process.env['RUMPUS_PLAIN'] === '1';

export default defineConfig({
  plugins: plain ? [] : [rumpusPlugin.vite({ include, hooks, rules: 'off' })],
  resolve: {
    alias: [
      { find: /^rumpus$/, replacement: resolve(root, 'kernel/index.ts') },
      { find: /^rumpus\/hooks$/, replacement: hooks },
      { find: /^rumpus\/vitest$/, replacement: resolve(root, 'debugger/vitest/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/fixtures/**'],
    reporters: ['default', new CountsReporter()],
    testTimeout: 60_000,
    typecheck: { enabled: false },
  },
});

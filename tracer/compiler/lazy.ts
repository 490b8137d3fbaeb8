/**
 * The heavy dependencies, loaded when first used: a warm program cache needs neither of them, and
 * a native parser takes longer to load than a cached program takes to run.
 */

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let oxc: typeof import('oxc-parser') | null = null;
let magicString: typeof import('magic-string').default | null = null;
let esbuild: typeof import('esbuild') | null = null;
let unplugin: typeof import('unplugin') | null = null;

export function loadOxc(): typeof import('oxc-parser') {
  oxc ??= require('oxc-parser') as typeof import('oxc-parser');
  return oxc;
}

export function loadMagicString(): typeof import('magic-string').default {
  if (magicString === null) {
    const loaded = require('magic-string') as { default?: typeof import('magic-string').default };
    magicString = loaded.default ?? (loaded as unknown as typeof import('magic-string').default);
  }
  return magicString;
}

export function loadEsbuild(): typeof import('esbuild') {
  esbuild ??= require('esbuild') as typeof import('esbuild');
  return esbuild;
}

export function loadUnplugin(): typeof import('unplugin') {
  unplugin ??= require('unplugin') as typeof import('unplugin');
  return unplugin;
}

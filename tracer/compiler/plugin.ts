/**
 * The compiler as a plugin for esbuild and for Vite (and so vitest), with unplugin.
 *
 *   export default defineConfig({ plugins: [rumpusPlugin.vite({ include: … , rules: 'program' })] })
 *
 * It runs before types are stripped, and each tool composes its own source map with ours.
 */

import { basename } from 'node:path';
import type { EsbuildPlugin, UnpluginOptions, VitePlugin } from 'unplugin';
import type { ModuleTable } from '../../kernel/index.ts';
import { type InstrumentOptions, instrument } from './instrument.ts';
import { loadUnplugin } from './lazy.ts';
import { type Included, normalizePath } from './modules.ts';
import type { RuleSet } from './rules.ts';

export interface RumpusPluginOptions {
  /** The portable path of a file that is to be instrumented; undefined leaves it alone. */
  include(absolutePath: string, code: string): string | Included | undefined;
  /** What the hooks are imported from, or that for each file. Default `rumpus/hooks`. */
  hooks?: string | ((absolutePath: string) => string);
  rules?: RuleSet;
  errnoModules?: (specifier: string) => boolean;
  /** Told of each module that was instrumented. */
  onModule?(table: ModuleTable, absolutePath: string, code: string): void;
}

const SOURCE = /\.[cm]?[jt]s$/;

function optionsFor(
  included: string | Included,
  path: string,
  options: RumpusPluginOptions,
): InstrumentOptions {
  const place = typeof included === 'string' ? { path: included } : included;
  return {
    ...place,
    hooks: typeof options.hooks === 'function' ? options.hooks(path) : options.hooks,
    rules: options.rules,
    errnoModules: options.errnoModules,
    mapSource: basename(path),
  };
}

function unpluginOptions(options: RumpusPluginOptions): UnpluginOptions {
  return {
    name: 'rumpus',
    enforce: 'pre',
    transformInclude: (id) => SOURCE.test(normalizePath(id)),
    transform(code, id) {
      const path = normalizePath(id);
      const included = options.include(path, code);
      if (included === undefined) return null;
      const result = instrument(code, optionsFor(included, path, options));
      options.onModule?.(result.table, path, code);
      return { code: result.code, map: result.map };
    },
  };
}

function vite(options: RumpusPluginOptions): VitePlugin {
  const plugin = loadUnplugin().createVitePlugin(() => unpluginOptions(options))(undefined);
  return (Array.isArray(plugin) ? plugin[0] : plugin) as VitePlugin;
}

function esbuild(options: RumpusPluginOptions): EsbuildPlugin {
  return loadUnplugin().createEsbuildPlugin(() => unpluginOptions(options))(undefined);
}

/** The plugin, by the tool that it is for. */
export const rumpusPlugin = { vite, esbuild } as const;

/**
 * rumpus/vite: the plugin for a project's vitest.config.ts.
 *
 *   import { rumpus } from 'rumpus/vite';
 *   import { defineConfig } from 'vitest/config';
 *
 *   export default defineConfig({ plugins: [rumpus()] });
 *
 * It compiles the project's programs and components, the generators of its tests, and packages it
 * depends on that say they work with rumpus. A world's registers exist once: those packages go
 * through vitest's transform, and all of them get the one `rumpus` of the project.
 */

import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import {
  huntsInTests,
  type Included,
  Packages,
  programInclude,
  rumpusPlugin,
} from '../../tracer/index.ts';
import { projectHunts } from './hunted.ts';

export interface RumpusPluginOptions {
  /** Files left as they are, by their path relative to the project with '/'. */
  readonly exclude?: (path: string) => boolean;
}

/** A Vite plugin, in the few words that this one needs of it. */
export interface VitePluginLike {
  readonly name: string;
  readonly enforce?: 'pre' | 'post';
}

/** What of Vite's configuration is read and given. */
interface ConfigLike {
  readonly root?: string;
}

/** The plugins. Code that breaks the kernel's rules (`await`, timers, `Date`…) is refused. */
export function rumpus(options: RumpusPluginOptions = {}): VitePluginLike[] {
  const packages = new Packages();
  const include = (path: string, code: string): Included | undefined => {
    const home = packages.of(path);
    if (home.name === 'rumpus' && isInstalled(home.dir)) return undefined;
    if (/[\\/]node_modules[\\/]/.test(path) && !home.usesRumpus) return undefined;
    if (options.exclude?.(relative(home.dir, path).replaceAll('\\', '/'))) return undefined;
    const included = programInclude(path, code, { name: home.name, rootDir: home.dir });
    if (included === undefined) return undefined;
    const isTest = included.onlyGenerators === true;
    return { ...included, access: isTest ? huntsInTests(path, code) : projectHunts(home.dir) };
  };
  return [configure(), rumpusPlugin.vite({ include, rules: 'program' }) as VitePluginLike];
}

/** The package that this file is in: its built code is instrumented already. */
function isInstalled(dir: string): boolean {
  return existsSync(join(dir, 'dist', 'hooks.js'));
}

function configure(): VitePluginLike & { config(config: ConfigLike): object } {
  return {
    name: 'rumpus:config',
    config(config) {
      const names = kernelPackages(resolve(config.root ?? process.cwd()));
      return {
        resolve: { dedupe: ['rumpus'] },
        test: { server: { deps: { inline: names.map(packagePattern) } } },
      };
    },
  };
}

/** Names of installed packages that say they work with rumpus. */
function kernelPackages(rootDir: string): string[] {
  const folder = join(rootDir, 'node_modules');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((one) => `${name}/${one}`) : [name],
  );
  const packages = new Packages();
  return names.filter((name) => packages.of(join(folder, name, 'index.js')).usesRumpus);
}

function packagePattern(name: string): RegExp {
  return new RegExp(
    `[\\\\/]node_modules[\\\\/]${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}[\\\\/]`,
  );
}

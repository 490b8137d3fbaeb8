/**
 * From a user's program file to something that a world can run.
 *
 *   const compiled = await compileProgram('lost-update.ts');
 *   const { default: program } = instantiate(compiled, (name) => (name === 'rumpus' ? … : …));
 *
 * A program that was compiled before and has not changed comes from the cache, without loading
 * the parser or the bundler.
 */

import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { bundleProgram } from './bundle.ts';
import { ProgramCache } from './cache.ts';

export interface CompiledModule {
  /** Portable path. */
  readonly path: string;
  /** The original text. */
  readonly source: string;
  readonly hash: string;
  readonly functionHashes: readonly string[];
}

export interface CompiledProgram {
  /** Portable path of the entry. */
  readonly entry: string;
  /** CommonJS; requires `rumpus`, `rumpus/hooks` and what else of rumpus it imports. */
  readonly code: string;
  /** Source map (JSON) of `code`; its sources are portable paths, with their text. */
  readonly map: string;
  readonly modules: readonly CompiledModule[];
  /** Image identity of the user's part. */
  readonly identity: string;
  /** It has module-level state: each world needs an instance of its own. */
  readonly stateful: boolean;
  /** Its accesses are told: a part of the access image. */
  readonly access: boolean;
}

export interface CompileOptions {
  /** Part of the cache's key. */
  readonly rumpusVersion?: string;
  /** The cache's folder; false for none. Default: the user's cache folder, see cache.ts. */
  readonly cacheDir?: string | false;
  /** Compile for the access image. */
  readonly access?: boolean;
}

/** Compiles a program. Throws CompileError with everything that is wrong in it. */
export async function compileProgram(
  entryFile: string,
  options: CompileOptions = {},
): Promise<CompiledProgram> {
  const entry = resolve(entryFile);
  const access = options.access ?? false;
  const versions = `${options.rumpusVersion ?? ''}${access ? ' access 2' : ''}`;
  const cache = ProgramCache.open(options.cacheDir, versions);
  const known = cache?.find(entry);
  if (known) return known;
  const startedMs = Date.now();
  const made = await bundleProgram(entry, access);
  cache?.store(entry, made, startedMs);
  return made.program;
}

type Factory = (module: unknown, exports: unknown, require: unknown) => void;

interface Loaded {
  readonly factory: Factory;
  /** The shared instance of a program without state, by what it was given as rumpus. */
  readonly shared: WeakMap<object, Record<string, unknown>>;
}

const loaded = new WeakMap<CompiledProgram, Loaded>();

function loadFactory(compiled: CompiledProgram): Loaded {
  let entry = loaded.get(compiled);
  if (entry === undefined) {
    const filename = `${compiled.entry}.cjs`;
    const names = ['module', 'exports', 'require'];
    const factory = compileFunction(compiled.code, names, { filename }) as unknown as Factory;
    entry = { factory, shared: new WeakMap() };
    loaded.set(compiled, entry);
  }
  return entry;
}

/**
 * The program's exports: a new instance each time if it is stateful, a shared one otherwise.
 * `requireRumpus` gives `rumpus` and its entry points by name.
 */
export function instantiate(
  compiled: CompiledProgram,
  requireRumpus: (specifier: string) => unknown,
): Record<string, unknown> {
  const { factory, shared } = loadFactory(compiled);
  const known = compiled.stateful ? undefined : shared.get(requireRumpus);
  if (known) return known;
  const module = { exports: {} as Record<string, unknown> };
  factory(module, module.exports, requireRumpus);
  shared.set(requireRumpus, module.exports);
  return module.exports;
}

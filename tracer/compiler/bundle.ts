/**
 * A user's program and all that it imports, as one CommonJS text.
 *
 * Its own files, and packages that say they work with rumpus, are instrumented and held to the
 * rules; other packages are taken as they are. `rumpus` itself stays outside: the world that runs
 * the program provides it.
 */

import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, resolve } from 'node:path';
import type { BuildFailure, Loader, Message, OnLoadResult, PluginBuild } from 'esbuild';
import { parse } from './ast.ts';
import type { Made } from './cache.ts';
import { constantHooks, namedClasses } from './constants.ts';
import { CompileError, type Violation } from './errors.ts';
import { digest, imageIdentity } from './identity.ts';
import { instrument } from './instrument.ts';
import { loadEsbuild } from './lazy.ts';
import { Packages } from './packages.ts';
import type { CompiledModule, CompiledProgram } from './program.ts';
import { nodeModule } from './ruletable.ts';
import { findReferences } from './scope.ts';
import { isStateful } from './stateful.ts';

const SCRIPT = /\.[cm]?[jt]sx?$/;

/** What is gathered while esbuild loads the files. */
class Bundler {
  readonly packages = new Packages();
  readonly modules = new Map<string, CompiledModule>();
  readonly inputs = new Set<string>();
  readonly sources = new Map<string, string>();
  readonly errors: CompileError[] = [];
  /** Folder of the entry's own package, which is a program's wherever it is installed. */
  rootDir = '';
  stateful = false;
  readonly #access: boolean;

  constructor(access: boolean) {
    this.#access = access;
  }

  setup(build: PluginBuild): void {
    build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (/^rumpus(\/|$)/.test(path)) return { path, external: true };
      if (!isBuiltin(path)) return undefined;
      const { message, hint } = nodeModule(path);
      return { errors: [{ text: `${message}; ${hint}`, notes: [{ text: importer }] }] };
    });
    build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => this.load(path));
  }

  load(path: string): OnLoadResult {
    const code = readFileSync(path, 'utf8');
    const home = this.packages.of(path);
    const installed = /[\\/]node_modules[\\/]/.test(path) && home.dir !== this.rootDir;
    const foreign = installed && !home.usesRumpus;
    const portable = this.packages.portable(path);
    this.inputs.add(path);
    if (home.manifest) this.inputs.add(home.manifest);
    this.sources.set(portable, code);
    const loader = extname(path).slice(1).replace(/^[cm]/, '') as Loader;
    if (!foreign && /\.[cm]?[jt]s$/.test(path)) return this.#instrument(path, portable, code);
    this.#foreign(path, portable, code);
    return { contents: code, loader: SCRIPT.test(path) ? loader : 'default' };
  }

  #instrument(path: string, portable: string, code: string): OnLoadResult {
    try {
      const mapSource = basename(path);
      const {
        code: out,
        map,
        table,
      } = instrument(code, {
        path: portable,
        rules: 'program',
        mapSource,
        access: this.#access,
      });
      const { hash, functionHashes } = table;
      this.modules.set(portable, { path: portable, source: code, hash, functionHashes });
      this.#checkState(portable, code);
      return { contents: `${out}\n//# sourceMappingURL=${map.toUrl()}`, loader: 'ts' };
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      this.errors.push(error);
      const parsed = error.violations.every((one) => one.rule !== 'syntax');
      return { contents: parsed ? code : '', loader: 'ts' };
    }
  }

  #foreign(path: string, portable: string, code: string): void {
    const hash = digest(code);
    this.modules.set(portable, { path: portable, source: code, hash, functionHashes: [] });
    if (SCRIPT.test(path)) this.#checkState(portable, code);
    else this.stateful = true;
  }

  #checkState(portable: string, code: string): void {
    if (this.stateful) return;
    try {
      const { program } = parse(code, portable);
      this.stateful = isStateful(program, findReferences(program));
    } catch {
      // What cannot be parsed as a module (CommonJS with a top-level return) is not shared.
      this.stateful = true;
    }
  }
}

/** esbuild speaks of instrumented text: its lines are ours, its columns are found again. */
function toViolation(message: Message, bundler: Bundler, rootDir: string): Violation {
  const { location, text } = message;
  const path = location ? bundler.packages.portable(resolve(rootDir, location.file)) : '';
  const lineBase1 = location?.line ?? 1;
  const line = bundler.sources.get(path)?.split('\n')[lineBase1 - 1] ?? '';
  const { lineText = '', column = 0, length = 0 } = location ?? {};
  const bytes = Buffer.from(lineText).subarray(column, column + length);
  const columnBase1 = Math.max(line.indexOf(bytes.toString()), 0) + 1;
  return { path, lineBase1, columnBase1, rule: 'import', message: text, hint: '' };
}

/** One error for everything that is wrong in all files. */
function failure(bundler: Bundler, messages: readonly Message[], rootDir: string): CompileError {
  const found = bundler.errors.flatMap((error) => error.violations);
  const violations = [...found, ...messages.map((one) => toViolation(one, bundler, rootDir))];
  return new CompileError(violations, (path) => bundler.sources.get(path) ?? '');
}

/** esbuild's map, with portable paths for its sources. */
function portableMap(text: string, bundler: Bundler, rootDir: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  map.sources = map.sources.map((source) => bundler.packages.portable(resolve(rootDir, source)));
  return JSON.stringify(map);
}

/** Bundles the program whose entry is an absolute path. Throws CompileError. */
export async function bundleProgram(entryFile: string, access: boolean): Promise<Made> {
  const bundler = new Bundler(access);
  const rootDir = bundler.packages.of(entryFile).dir;
  bundler.rootDir = rootDir;
  const built = await loadEsbuild()
    .build({
      entryPoints: [entryFile],
      outfile: resolve(dirname(entryFile), 'program.cjs'),
      absWorkingDir: rootDir,
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      target: 'es2022',
      mainFields: ['module', 'main'],
      sourcemap: 'external',
      logLevel: 'silent',
      keepNames: false,
      plugins: [{ name: 'rumpus-program', setup: (build) => bundler.setup(build) }],
    })
    .catch((error: BuildFailure) => {
      if (!Array.isArray(error.errors)) throw error;
      throw failure(bundler, error.errors, rootDir);
    });
  if (bundler.errors.length > 0) throw failure(bundler, [], rootDir);
  const output = (end: string): string =>
    built.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
  const modules = [...bundler.modules.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const program: CompiledProgram = {
    entry: bundler.packages.portable(entryFile),
    code: namedClasses(constantHooks(output('.cjs'))),
    map: portableMap(output('.map'), bundler, dirname(entryFile)),
    modules,
    identity: imageIdentity(modules),
    stateful: bundler.stateful,
    access,
  };
  return { program, files: [...bundler.inputs] };
}

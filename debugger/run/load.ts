/**
 * Loading a program: compiled (or out of the cache), checked, and ready to be instantiated for any
 * number of worlds.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import type { ImageInfo, RecordedSource } from '../../corefiles/index.ts';
import * as rumpus from '../../kernel/index.ts';
import type { Program } from '../../kernel/index.ts';
import {
  COMPILER_VERSION,
  type CompiledProgram,
  compileProgram,
  imageIdentity,
  instantiate,
  registerMap,
} from '../../tracer/index.ts';
import { InputError } from '../errors.ts';
import { type Accesses, checkKnobs, type RunSpec } from './spec.ts';

export interface LoadedProgram {
  /** Absolute. */
  readonly file: string;
  /** Relative to the current folder, with '/': what people and recordings see. */
  readonly name: string;
  readonly compiled: CompiledProgram;
  /** The program for one more world. */
  instance(): Program;
  readonly image: ImageInfo;
}

/**
 * What programs get as rumpus. A namespace of hundreds of names is a dictionary that is looked up
 * at every use; as the prototype of an object its values are as good as constants.
 */
const forPrograms: unknown = Object.create({ ...rumpus });

function requireRumpus(specifier: string): unknown {
  if (specifier === 'rumpus') return forPrograms;
  if (specifier === 'rumpus/hooks') return { hooks: rumpus.hooks };
  throw new InputError(`a program cannot import '${specifier}'; it runs in the kernel's image`);
}

export interface LoadOptions {
  /** For runs at the grain `access`, and for detectors that look at accesses. */
  readonly access?: boolean;
  /** May give the compiled program another text that means the same. */
  readonly changed?: (compiled: CompiledProgram) => CompiledProgram;
}

/** Whose accesses this process can tell of: it has one of the two kernels (scripts/build.mjs). */
export function accessesHere(): Accesses {
  return rumpus.siteTable.tellsAccesses('rumpus/kernel/') ? 'kernel' : 'program';
}

/**
 * Whether a spec needs the access image. Throws InputError when it needs that of a kernel which this
 * process does not have.
 */
export function needsAccesses(spec: RunSpec): boolean {
  const needed = spec.grain === 'access' || spec.detectors.length > 0;
  if (needed && spec.accesses !== accessesHere()) {
    throw new InputError(
      `the accesses of the ${spec.accesses} are needed, and this process tells of those of the ` +
        `${accessesHere()}: set RUMPUS_ACCESSES=${spec.accesses}`,
    );
  }
  return needed;
}

/** Compiles and instantiates once, to see that it is a program. */
export async function loadProgram(file: string, how: LoadOptions = {}): Promise<LoadedProgram> {
  const absolute = resolve(file);
  if (!existsSync(absolute)) throw new InputError(`there is no file ${file}`);
  if (statSync(absolute).isDirectory()) throw new InputError(`${file} is a folder, not a program`);
  const options = { rumpusVersion: packageVersion(), access: how.access };
  const unchanged = await compileProgram(absolute, options);
  return loadedFrom(how.changed?.(unchanged) ?? unchanged, file, unchanged.code);
}

/**
 * A program that is compiled already, perhaps on another machine. `file` is where it is, or would
 * be: its name, and the folder of its host files. `mapped` is the text that the map is of.
 */
export function loadedFrom(
  compiled: CompiledProgram,
  file: string,
  mapped: string = compiled.code,
): LoadedProgram {
  const absolute = resolve(file);
  registerMap(`${compiled.entry}.cjs`, compiled.map, mapped);
  const instance = () => {
    const exports = instantiate(compiled, requireRumpus);
    return asProgram(exports['default'], file);
  };
  checkKnobs(guarded(instance, file).options);
  const name = relative(process.cwd(), absolute).replaceAll('\\', '/');
  return {
    file: absolute,
    name: name.startsWith('..') ? basename(absolute) : name,
    compiled,
    instance,
    image: imageOf(compiled),
  };
}

/** Host time that a program's top level may take, ms: nothing there is counted. */
const TOP_LEVEL_MS = 5000;
/** Name under which a guarded function is known for the moment. */
const GUARDED = '__rumpusGuarded';

/** Calls `body`, and ends it when it does not end by itself. */
function guarded<T>(body: () => T, file: string): T {
  const scope = globalThis as Record<string, unknown>;
  scope[GUARDED] = body;
  try {
    return new Script(`${GUARDED}()`).runInThisContext({ timeout: TOP_LEVEL_MS }) as T;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new InputError(`the top level of ${file} did not end within ${TOP_LEVEL_MS / 1000} s`);
  } finally {
    delete scope[GUARDED];
  }
}

function asProgram(value: unknown, file: string): Program {
  const candidate = value as Partial<Program> | null | undefined;
  if (typeof candidate !== 'object' || candidate?.kind !== 'rumpus program') {
    throw new InputError(
      `${file} is not a program: write \`export default program({ … }, function* main(sys) { … })\``,
    );
  }
  return candidate as Program;
}

/** Kernel and program modules with their hashes. */
export function imageOf(compiled: CompiledProgram): ImageInfo {
  const tables = [...rumpus.siteTable.modules.map((loaded) => loaded.table)];
  const own = new Set(compiled.modules.map((module) => module.path));
  const used = tables.filter((t) => t.path.startsWith('rumpus/kernel/') || own.has(t.path));
  const newest = new Map(used.map((table) => [table.path, table]));
  const modules = [...newest.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    identity: imageIdentity(modules),
    compiler: COMPILER_VERSION,
    modules: modules.map((table) => ({
      path: table.path,
      hash: table.hash,
      functions: [...table.functions],
      functionHashes: [...table.functionHashes],
    })),
  };
}

/** All sources of the image: the program's, and the kernel's as the package was built from. */
export function sourcesOf(loaded: LoadedProgram): RecordedSource[] {
  const own = loaded.compiled.modules.map(({ path, source }) => ({ path, text: source }));
  return [...own, ...kernelSources()];
}

let cachedKernelSources: RecordedSource[] | undefined;

/** The kernel's sources, from the file that the build wrote beside the code. */
export function kernelSources(): RecordedSource[] {
  if (cachedKernelSources !== undefined) return cachedKernelSources;
  const file = packageFile('dist/sources.json');
  cachedKernelSources = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as RecordedSource[])
    : [];
  return cachedKernelSources;
}

/** A file of this package, wherever the running code was bundled to. */
export function packageFile(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(resolve(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return resolve(folder, name);
}

let cachedVersion: string | undefined;

/** The version in package.json. */
export function packageVersion(): string {
  cachedVersion ??= (
    JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }
  ).version;
  return cachedVersion;
}

/**
 * A test as a program: what execute(), replay() and recordingOf() need to know of it.
 *
 * vitest has loaded and instrumented the code already, so the image is what the site table holds:
 * the kernel, and the project's modules that this test file imported.
 */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Program, siteTable } from '../../kernel/index.ts';
import { type CompiledModule, imageIdentity, Packages } from '../../tracer/index.ts';
import { imageOf, type LoadedProgram } from '../run/load.ts';

/** Where a test is. */
export interface TestPlace {
  /** Absolute path of the test file. */
  readonly file: string;
  /** The same relative to the project's root, with '/'. */
  readonly name: string;
  /** Absolute. */
  readonly rootDir: string;
  /** Names of its suites and its own, as `vitest -t` sees them. */
  readonly fullName: string;
}

const KERNEL = 'rumpus/kernel/';

/** Wraps the program of one run. */
export function loadedTest(place: TestPlace, program: Program): LoadedProgram {
  const modules = ownModules(place);
  const compiled = {
    entry: place.name,
    code: '',
    map: '',
    modules,
    identity: imageIdentity(modules),
    stateful: false,
    access: false,
  };
  return {
    file: place.file,
    name: place.name,
    compiled,
    instance: () => program,
    image: imageOf(compiled),
  };
}

function ownModules(place: TestPlace): CompiledModule[] {
  const home = new Packages().of(place.file);
  const newest = new Map(siteTable.modules.map(({ table }) => [table.path, table]));
  const own = [...newest.values()].filter((table) => !table.path.startsWith(KERNEL));
  return own.map(({ path, hash, functionHashes }) => ({
    path,
    source: sourceText(path, home, place.rootDir),
    hash,
    functionHashes,
  }));
}

/** The text of a module by its portable path; '' when it cannot be found. */
function sourceText(path: string, home: { name: string; dir: string }, rootDir: string): string {
  const inside = path.startsWith(`${home.name}/`) ? path.slice(home.name.length + 1) : undefined;
  const file =
    inside === undefined ? resolve(rootDir, 'node_modules', path) : resolve(home.dir, inside);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

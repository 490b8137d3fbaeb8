/**
 * Between positions in generated code and in the source, by the source maps that came with the
 * code.
 *
 * Programs register the map they were compiled with; files of the package have theirs beside
 * them. A position without a map is given back as it is (vitest maps its own).
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  eachMapping,
  generatedPositionFor,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import { type Shifts, shiftedColumn, unshiftedColumn } from '../compiler/access/index.ts';

export interface SourcePosition {
  /** Portable path: package name, then the path in the package. */
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
}

/** A place in generated code. */
export interface GeneratedPosition {
  /** The file as the engine knows it: a path, or the name a program was compiled under. */
  readonly file: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
}

const maps = new Map<string, TraceMap | null>();

/** Texts that maps were registered with, by file name. */
const texts = new Map<string, string>();
/** Names by the source they are in: those of the source, and what became of them. */
const renames = new Map<string, ReadonlyMap<string, readonly string[]>>();

/** Registers the source map (JSON text) of generated code under its file name. */
export function registerMap(generatedFile: string, json: string, code = ''): void {
  maps.set(generatedFile, new TraceMap(json));
  texts.set(generatedFile, code);
  renames.clear();
}

/** Columns of generated code that moved after its map was made. */
const shifts = new Map<string, Shifts>();

/** Registers how generated code was edited after its map was made. */
export function registerShifts(generatedFile: string, moved: Shifts): void {
  shifts.set(generatedFile, moved);
}

function mapOf(file: string): TraceMap | null {
  let map = maps.get(file);
  if (map === undefined) {
    const beside = `${file}.map`;
    map = existsSync(beside) ? new TraceMap(readFileSync(beside, 'utf8')) : null;
    maps.set(file, map);
  }
  return map;
}

/** Where a position of generated code comes from. */
export function originalPosition(
  generated: string,
  lineBase1: number,
  columnBase0: number,
): SourcePosition {
  const file = generated.startsWith('file:') ? fileURLToPath(generated) : generated;
  const map = mapOf(file);
  const column = unshiftedColumn(shifts.get(file) ?? [], lineBase1 - 1, columnBase0);
  const found = map === null ? null : originalPositionFor(map, { line: lineBase1, column });
  if (found === null || found.source === null) {
    return { path: portable(file), lineBase1, columnBase0 };
  }
  return {
    path: portable(resolveSource(file, found.source)),
    lineBase1: found.line,
    columnBase0: found.column,
  };
}

/** Where a place in the source went, in the files whose maps are known; undefined if nowhere. */
export function generatedPosition(position: SourcePosition): GeneratedPosition | undefined {
  for (const [file, map] of maps) {
    for (const source of map?.sources ?? []) {
      if (source === null || portable(resolveSource(file, source)) !== position.path) continue;
      const { lineBase1: line, columnBase0: column } = position;
      const found = generatedPositionFor(map as TraceMap, { source, line, column });
      if (found.line === null) continue;
      const moved = shiftedColumn(shifts.get(file) ?? [], found.line - 1, found.column);
      return { file, lineBase1: found.line, columnBase0: moved };
    }
  }
  return undefined;
}

/**
 * What a bundler calls the variables of a source whose names it had to change, because it writes
 * all sources into one scope: `counter` → `counter2`. A name that is several variables has several.
 */
export function renamesIn(path: string): ReadonlyMap<string, readonly string[]> {
  let known = renames.get(path);
  if (known === undefined) {
    known = findRenames(path);
    renames.set(path, known);
  }
  return known;
}

function findRenames(path: string): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [file, map] of maps) {
    const of = map?.sources.find((one) => one && portable(resolveSource(file, one)) === path);
    if (!map || !of) continue;
    const lines = (texts.get(file) || readIfThere(file)).split('\n');
    eachMapping(map, ({ name, source, generatedLine, generatedColumn }) => {
      if (name === null || source !== of) return;
      const token = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(
        (lines[generatedLine - 1] ?? '').slice(generatedColumn),
      );
      const list = found.get(name) ?? [];
      if (token !== null && !list.includes(token[0])) found.set(name, [...list, token[0]]);
    });
  }
  return found;
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Makes the maps of the package's own built files known, for generatedPosition(). */
export function loadMapsOf(files: readonly string[]): void {
  for (const file of files) mapOf(file);
}

function resolveSource(file: string, source: string): string {
  return source.startsWith('.') ? resolve(dirname(file), source) : source;
}

/** Our own files under the package's name, so that no path of a machine is shown. */
function portable(path: string): string {
  const root = packageRoot();
  if (root === undefined || !path.startsWith(root)) return path;
  return `rumpus/${relative(root, path).replaceAll('\\', '/')}`;
}

let root: string | undefined;

function packageRoot(): string | undefined {
  if (root !== undefined) return root;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(resolve(folder, 'package.json'))) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  root = folder;
  return root;
}

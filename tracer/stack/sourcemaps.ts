/**
 * From a position in generated code to the source, by the source maps that came with the code.
 *
 * Programs register the map they were compiled with; files of the package have theirs beside
 * them. A position without a map is given back as it is (vitest maps its own).
 */

import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourcePosition {
  /** Portable path: package name, then the path in the package. */
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
}

const maps = new Map<string, SourceMap | null>();

/** Registers the source map (JSON text) of generated code under its file name. */
export function registerMap(generatedFile: string, json: string): void {
  maps.set(generatedFile, new SourceMap(JSON.parse(json) as SourceMapPayload));
}

function mapOf(file: string): SourceMap | null {
  let map = maps.get(file);
  if (map === undefined) {
    const beside = `${file}.map`;
    map = existsSync(beside)
      ? new SourceMap(JSON.parse(readFileSync(beside, 'utf8')) as SourceMapPayload)
      : null;
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
  const entry = mapOf(file)?.findEntry(lineBase1 - 1, columnBase0);
  if (entry === undefined || !('originalSource' in entry)) {
    return { path: portable(file), lineBase1, columnBase0 };
  }
  return {
    path: portable(resolveSource(file, entry.originalSource)),
    lineBase1: entry.originalLine + 1,
    columnBase0: entry.originalColumn,
  };
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

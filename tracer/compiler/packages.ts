/** Which package a file belongs to: half of its portable path. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { normalizePath } from './modules.ts';

export interface Package {
  readonly name: string;
  readonly dir: string;
  /** Its manifest; undefined when there is none above the file. */
  readonly manifest: string | undefined;
  /** It says that it works with rumpus, so its code is kernel or program code. */
  readonly usesRumpus: boolean;
}

interface Manifest {
  name?: unknown;
  keywords?: unknown;
  dependencies?: Record<string, unknown>;
  peerDependencies?: Record<string, unknown>;
}

/** Finds packages, each manifest once. */
export class Packages {
  readonly #byDir = new Map<string, Package>();

  /** The nearest package above a file, or its folder when there is none. */
  of(file: string): Package {
    return this.#ofDir(dirname(file)) ?? loneFolder(dirname(file));
  }

  /** Package name, then the path in the package. */
  portable(file: string): string {
    const { name, dir } = this.of(file);
    return `${name}/${normalizePath(relative(dir, file))}`;
  }

  #ofDir(dir: string): Package | undefined {
    const known = this.#byDir.get(dir);
    if (known) return known;
    const manifest = join(dir, 'package.json');
    const found = existsSync(manifest) ? readPackage(dir, manifest) : undefined;
    const above = dirname(dir);
    const result = found ?? (above === dir ? undefined : this.#ofDir(above));
    if (result) this.#byDir.set(dir, result);
    return result;
  }
}

function loneFolder(dir: string): Package {
  return { name: basename(dir) || 'root', dir, manifest: undefined, usesRumpus: false };
}

/** undefined for manifests that only say `{"type":"module"}`: the package is further up. */
function readPackage(dir: string, manifest: string): Package | undefined {
  let fields: Manifest;
  try {
    fields = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
  if (typeof fields.name !== 'string') return undefined;
  const depends = { ...fields.dependencies, ...fields.peerDependencies };
  const keyword = Array.isArray(fields.keywords) && fields.keywords.includes('rumpus');
  return { name: fields.name, dir, manifest, usesRumpus: keyword || 'rumpus' in depends };
}

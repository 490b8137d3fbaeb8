/**
 * What differs between the image that a recording was made with and the one at hand.
 */

import type { ImageInfo, RecordedModule } from '../../corefiles/index.ts';
import { InputError } from '../errors.ts';

export interface ModuleChange {
  readonly path: string;
  readonly kind: 'changed' | 'added' | 'removed';
  /** Functions whose text differs, or that only one side has. */
  readonly functions: readonly string[];
}

/** The modules that differ; empty for the same image. */
export function imageChanges(recorded: ImageInfo, current: ImageInfo): ModuleChange[] {
  const now = new Map(current.modules.map((module) => [module.path, module]));
  const changes: ModuleChange[] = [];
  for (const then of recorded.modules) {
    const module = now.get(then.path);
    now.delete(then.path);
    if (module === undefined) {
      changes.push({ path: then.path, kind: 'removed', functions: [] });
    } else if (module.hash !== then.hash) {
      const functions = changedFunctions(then, module);
      changes.push({ path: then.path, kind: 'changed', functions });
    }
  }
  for (const path of now.keys()) changes.push({ path, kind: 'added', functions: [] });
  return changes;
}

function changedFunctions(then: RecordedModule, now: RecordedModule): string[] {
  const before = byName(then);
  const after = byName(now);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

/** Function name -> hashes of all functions of that name, in order. */
function byName(module: RecordedModule): Map<string, string> {
  const hashes = new Map<string, string>();
  module.functions.forEach((name, i) => {
    hashes.set(name, `${hashes.get(name) ?? ''} ${module.functionHashes[i] ?? ''}`);
  });
  return hashes;
}

/** Throws InputError, which names what changed, when a recording is of another image. */
export function refuseChanges(recorded: ImageInfo, current: ImageInfo): void {
  const changes = imageChanges(recorded, current);
  if (changes.length === 0) return;
  throw new InputError(
    `the recording was made with other sources: ${changesText(changes)} changed since`,
  );
}

/** Modules, and functions of each, that a sentence names. */
const MODULES_SHOWN = 4;
const FUNCTIONS_SHOWN = 6;

/** The changes as a sentence's end: `lost-update.ts (inc, main), rumpus/kernel/… (mutex_enter)`. */
export function changesText(changes: readonly ModuleChange[]): string {
  const texts = changes.map(({ path, kind, functions }) => {
    if (kind !== 'changed') return `${path} (${kind})`;
    return `${path} (${functions.length > 0 ? some(functions, FUNCTIONS_SHOWN) : 'top level'})`;
  });
  return some(texts, MODULES_SHOWN);
}

function some(texts: readonly string[], shown: number): string {
  const more = texts.length - shown;
  return texts.slice(0, shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

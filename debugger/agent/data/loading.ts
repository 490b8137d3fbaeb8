/** The loader's hook in a target whose image is watched: gives the patched text of its scripts. */

import type { LoadHook } from 'node:module';

/** Patched texts, by URL. */
export type PatchedSources = Readonly<Record<string, string>>;

let sources: PatchedSources = {};

export function initialize(patched: PatchedSources): void {
  sources = patched;
}

export const load: LoadHook = (url, context, nextLoad) => {
  const source = sources[url];
  if (source === undefined) return nextLoad(url, context);
  return { format: 'module', source, shortCircuit: true };
};

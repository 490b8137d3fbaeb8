/**
 * What the capture of a core needs to know of sources: where generated code comes from, and the
 * texts.
 */

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceView } from '../../corefiles/index.ts';
import { originalPosition, Packages, registerMap, renamesIn } from '../../tracer/index.ts';
import { type LoadedProgram, sourcesOf } from './load.ts';

const INLINE = /^data:application\/json[^,]*;base64,/;

/** Before the name of a script whose map came with it. */
const OWN_NAME = 'inline:';

/** The script that a generated position is in, as the engine calls it. */
export function scriptName(file: string): string {
  return file.startsWith(OWN_NAME) ? file.slice(OWN_NAME.length) : file;
}

/** The view of the image that a program runs in. */
export function sourceView(loaded: LoadedProgram): SourceView {
  const inline = new InlineMaps();
  let texts: Map<string, string> | undefined;
  return {
    mapPosition(url, lineBase1, columnBase0, sourceMapUrl) {
      return originalPosition(inline.register(url, sourceMapUrl), lineBase1, columnBase0);
    },
    text(path) {
      texts ??= new Map(sourcesOf(loaded).map((source) => [source.path, source.text]));
      return texts.get(path) ?? '';
    },
    renames: renamesIn,
  };
}

/**
 * Source maps that came with the code itself, as vitest hands it to the engine. They are known
 * under a name of their own: what vitest says in stack traces is mapped already.
 */
class InlineMaps {
  readonly #known = new Map<string, string>();
  readonly #packages = new Packages();

  /** Gives the name under which the positions of a script are to be looked up. */
  register(url: string, sourceMapUrl: string): string {
    if (!INLINE.test(sourceMapUrl)) return url;
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    const json = Buffer.from(sourceMapUrl.replace(INLINE, ''), 'base64').toString('utf8');
    const map = JSON.parse(json) as { sources: string[]; sourceRoot?: string };
    // Of a bundle, which a linked package is, the map leads to its sources.
    const sourceOf = (source: string) =>
      map.sources.length === 1 ? file : resolve(dirname(file), map.sourceRoot ?? '', source);
    map.sources = map.sources.map((source) => this.#packages.portable(sourceOf(source)));
    delete map.sourceRoot;
    const name = `${OWN_NAME}${file}`;
    registerMap(name, JSON.stringify(map));
    this.#known.set(url, name);
    return name;
  }
}

/**
 * Positions in the user's own sources under vitest, which runs transformed text.
 *
 * vitest gives the engine each module with its source map inline, and keeps none itself; so the
 * engine is asked. Done when a run has failed, and once for each module.
 */

import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { Packages, registerMap } from '../../tracer/index.ts';

interface Script {
  readonly url: string;
  readonly sourceMapURL: string;
}

const INLINE = /^data:application\/json[^,]*;base64,/;
const known = new Set<string>();

/** Makes the maps of all modules that vitest has transformed known to originalPosition(). */
export function registerTransformedMaps(): void {
  const packages = new Packages();
  for (const { url, sourceMapURL } of loadedScripts()) {
    if (known.has(url) || !INLINE.test(sourceMapURL)) continue;
    known.add(url);
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    registerMap(file, portableMap(sourceMapURL, packages.portable(file)));
  }
}

/** A module has one source: itself. */
function portableMap(sourceMapURL: string, path: string): string {
  const json = Buffer.from(sourceMapURL.replace(INLINE, ''), 'base64').toString('utf8');
  const map = JSON.parse(json) as { sources: string[]; sourceRoot?: string };
  map.sources = map.sources.map(() => path);
  delete map.sourceRoot;
  return JSON.stringify(map);
}

/** What the engine has parsed: a session is told of all scripts when it enables the debugger. */
function loadedScripts(): Script[] {
  const scripts: Script[] = [];
  const session = new Session();
  session.connect();
  try {
    session.on('Debugger.scriptParsed', ({ params }) => {
      if (params.sourceMapURL) scripts.push({ url: params.url, sourceMapURL: params.sourceMapURL });
    });
    session.post('Debugger.enable');
  } finally {
    session.disconnect();
  }
  return scripts;
}

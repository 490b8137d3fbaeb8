/**
 * A watched image: the package's scripts that hold kernel code, and the program, are patched before
 * they are loaded, so that they tell of accesses (tracer/compiler/access).
 *
 * Nothing here may import the kernel: it is not loaded yet.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  installTaps,
  patchedText,
  Taps,
  type Watchable,
} from '../../../tracer/compiler/access/index.ts';

/** Scripts of the package that may hold kernel code. */
const SCRIPT = /^(kernel|chunk-\w+|access\/kernel)\.js$/;
const KERNEL = /^\/\/ kernel\//m;

/** Has the package's scripts that are loaded from now on tell of accesses. */
export function watchImage(watchable: Watchable): void {
  const taps = new Taps(watchable);
  installTaps(taps);
  const folder = dirname(fileURLToPath(import.meta.url));
  const sources: Record<string, string> = {};
  for (const name of scriptsIn(folder)) {
    const file = join(folder, name);
    const code = readFileSync(file, 'utf8');
    if (!KERNEL.test(code)) continue;
    const edited = patchedText({ code, of: 'kernel' }, watchable);
    if (edited.code === code) continue;
    sources[pathToFileURL(file).href] = edited.code;
    taps.shifts.set(file, edited.shifts);
  }
  register('./loading.js', import.meta.url, { data: sources });
}

function scriptsIn(folder: string): string[] {
  return [...readdirSync(folder), 'access/kernel.js'].filter((one) => SCRIPT.test(one));
}

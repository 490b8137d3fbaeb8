/**
 * Loaded before vitest in the processes of a test whose fields are watched (starting.ts): has the
 * installed kernel, and the modules that vitest compiles with our plugin, tell of accesses.
 *
 * vitest hands each module to the engine as a script that is one function, with its map inside. The
 * script is patched on the way; how its columns moved is known to the maps (agent/data/program.ts).
 *
 * Nothing here may import the kernel: it is not loaded yet.
 */

import vm, { type RunningScriptOptions } from 'node:vm';
import { installedTaps, patchedText, type Watchable } from '../../tracer/compiler/access/index.ts';
import { watchImage } from '../agent/data/image.ts';
import type { TargetOrders } from '../agent/protocol.ts';

/** How a module begins that was compiled by us, as vitest wraps it. */
const WRAPPED = /^'use strict';async \(/;
const COMPILED = /\$m ?= ?\$h\.module\(/;
/** The head of a patched script, which would be declared once a realm. */
const [DECLARED, AGAIN] = ['const { ', 'var   { '];

/** The text of a script as it is to be run. */
function watched(code: string, file: string, watchable: Watchable): string {
  if (!WRAPPED.test(code) || !COMPILED.test(code)) return code;
  const edited = patchedText({ code, of: 'program' }, watchable);
  // The first line begins before the module does; nothing of the source stands on it.
  installedTaps()?.shifts.set(`inline:${file}`, [[], ...edited.shifts.slice(1)]);
  return edited.code.replace(DECLARED, AGAIN);
}

function start({ fields, elements }: TargetOrders): void {
  const watchable = { fields, elements };
  watchImage(watchable);
  const run = vm.runInThisContext;
  vm.runInThisContext = (code: string, options?: RunningScriptOptions | string) => {
    const file = typeof options === 'string' ? options : (options?.filename ?? '');
    return run(watched(code, file, watchable), options);
  };
}

const { RUMPUS_TARGET: orders } = process.env;
if (orders !== undefined) start(JSON.parse(orders) as TargetOrders);

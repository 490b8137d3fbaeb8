/** How long the command takes to start: as users run it, from dist/, with a warm cache. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { bestOf, type Figure } from '../figure.ts';

const TURNS = 12;
const SOURCES = ['kernel', 'corefiles', 'tracer', 'debugger', 'tui'];

function timeMs(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

/** Whether dist/ is missing, or older than a source that it was built from. */
function isStale(root: string): boolean {
  const built = resolve(root, 'dist/cli.js');
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  return SOURCES.some((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' }).some(
      (name) => name.endsWith('.ts') && statSync(resolve(root, folder, name)).mtimeMs > mtimeMs,
    ),
  );
}

/** Builds dist/ if it is not what the sources say. */
export function refreshDist(root: string): void {
  if (isStale(root)) timeMs([resolve(root, 'scripts/build.mjs')]);
}

export const startup: readonly Figure[] = [
  {
    name: 'rumpus run hello, over node -e 0',
    unit: 'ms',
    target: { atMost: 100 },
    measure({ root }) {
      const rumpus = resolve(root, 'bin/rumpus.mjs');
      refreshDist(root);
      const hello = [rumpus, 'run', resolve(root, 'bench/programs/hello.ts'), '--json'];
      timeMs(hello);
      const ours: number[] = [];
      const bare: number[] = [];
      for (let i = 0; i < TURNS; i++) {
        ours.push(timeMs(hello));
        bare.push(timeMs(['-e', '0']));
      }
      const bestBare = bestOf(bare, undefined);
      const windows = ours.map((ms) => ms - bestBare);
      const ratio = bestOf(ours, undefined) / bestBare;
      return { windows, ratio, against: `node -e 0 (${bestBare.toFixed(0)} ms)` };
    },
  },
];

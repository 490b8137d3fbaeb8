/** The lines typed in earlier sessions, in the user's cache folder; the latest first. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultCacheDir } from '../../tracer/index.ts';

/** Lines kept. */
export const HISTORY_SIZE = 1000;

function historyFile(): string | undefined {
  if (process.env['RUMPUS_CACHE'] === 'off') return undefined;
  return join(defaultCacheDir(process.env, process.platform), 'debug-history');
}

export function readHistory(): string[] {
  const file = historyFile();
  if (file === undefined) return [];
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').slice(0, HISTORY_SIZE);
  } catch {
    // Nobody has debugged here before.
    return [];
  }
}

/** A full disk is no failure. */
export function writeHistory(lines: readonly string[]): void {
  const file = historyFile();
  if (file === undefined) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const kept = lines.slice(0, HISTORY_SIZE);
    writeFileSync(file, kept.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  } catch {
    // The next session begins without these lines.
  }
}

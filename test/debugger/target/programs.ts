/** The program that targets are tested on, its core, and what is known of it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_SPEC,
  executeWithCore,
  loadProgram,
  type RunSpec,
  saveCore,
} from '../../../debugger/index.ts';

/** programs/overdrawn.ts: LWP 1 panics, 2 sleeps with a mutex held, 3 waits for it. */
export const OVERDRAWN = fileURLToPath(new URL('../programs/overdrawn.ts', import.meta.url));
export const OVERDRAWN_PATH = 'rumpus/test/debugger/programs/overdrawn.ts';
/** programs/errno.ts: fails with EINVAL, which a plain function made. */
export const ERRNO = fileURLToPath(new URL('../programs/errno.ts', import.meta.url));
export const SPEC: RunSpec = DEFAULT_SPEC;

export interface Folder {
  file(name: string): string;
  remove(): void;
}

/** A folder for what a test writes. */
export function temporaryFolder(): Folder {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-target-'));
  return {
    file: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const SEEDS = 64;

/** Writes the core of the first seed with which a program fails. */
export async function writeCoreOf(program: string, file: string): Promise<void> {
  const loaded = await loadProgram(program);
  for (let seed = SPEC.seed; seed < SPEC.seed + SEEDS; seed++) {
    const spec = { ...SPEC, seed };
    const { run, state } = executeWithCore(loaded, spec);
    if (run.outcome.verdict === 'passed') continue;
    saveCore(file, loaded, spec, run, state);
    return;
  }
  throw new Error(`${program} passed with ${SEEDS} seeds`);
}

/** Cores of small programs, for the tests of cores. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { btOf, btText, type Core, openCore } from '../../../corefiles/index.ts';
import {
  DEFAULT_SPEC,
  type ExecutionWithCore,
  executeWithCore,
  type LoadedProgram,
  loadProgram,
  type RunSpec,
  saveCore,
} from '../../../debugger/index.ts';

const SEEDS = 64;

export interface Made extends ExecutionWithCore {
  readonly loaded: LoadedProgram;
  readonly spec: RunSpec;
  readonly bytes: Uint8Array;
  readonly core: Core;
}

/** The core of the first seed with which programs/<name>.ts fails. */
export async function coreOf(name: string): Promise<Made> {
  const loaded = await loadProgram(`test/corefiles/core/programs/${name}.ts`);
  for (let seed = 1; seed <= SEEDS; seed++) {
    const spec = { ...DEFAULT_SPEC, seed };
    const { run, state } = executeWithCore(loaded, spec);
    if (run.outcome.verdict === 'passed') continue;
    const bytes = savedBytes((file) => saveCore(file, loaded, spec, run, state));
    return { run, state, loaded, spec, bytes, core: openCore(bytes) };
  }
  throw new Error(`${name} passed with ${SEEDS} seeds`);
}

/** What `save` writes. */
export function savedBytes(save: (file: string) => void): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-core-'));
  try {
    const file = join(folder, 'saved.core');
    save(file);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Object numbers, positions and callers in the kernel change whenever it does; a golden has none. */
export function normalised(text: string): string {
  return text
    .replace(/#\d+(?= |$|[,\]}.)])/gm, '#N')
    .replace(/(rumpus\/kernel\/[\w./-]+\.ts|\(\w+\.ts):\d+(?::\d+)?/g, (all, file: string) =>
      /^\((?:boot|panic|kassert|abba|trap|lost-wakeup|several|timeout|overflow)\.ts$/.test(file)
        ? all
        : `${file}:N`,
    )
    .replace(/, \w+ \(\w+\.ts:N\)/g, '')
    .replace(/, at \w+ \(rumpus\/kernel\/[^)]*\)/g, ', at KERNEL')
    .replace(/turns = \d+/g, 'turns = N')
    .replace(/icount [\d,]+/g, 'icount N')
    .replace(/virtual time [\d.]+ \S+/g, 'virtual time N');
}

/** The stacks as text, with only those frames that are the program's own. */
export function programStacks(core: Core): string {
  const stacks = btOf(core).map((stack) => ({
    ...stack,
    frames: stack.frames.filter(({ path }) => path.startsWith('rumpus/test/')),
  }));
  return normalised(btText(stacks.sort((a, b) => a.lwp - b.lwp)));
}

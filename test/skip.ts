/**
 * Named skips: a test that needs something of the host says what, and how to get it.
 *
 *   const makefs = needs('makefs', 'apt-get install makefs');
 *   makefs.test('an image that makefs made can be mounted', () => { … });
 *
 * Under RUMPUS_NO_SKIPS=1 (in CI) such a test runs whatever is there, and so fails. The reporter
 * in skips.ts lists at the end of a run what was skipped and what to install.
 */

import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';
import { SKIP_MARK } from './skips.ts';

const FORBIDDEN = process.env['RUMPUS_NO_SKIPS'] === '1';

export interface Need {
  /** Whether it is there. */
  readonly met: boolean;
  /** vitest's `test`, which skips when the need is not met. */
  readonly test: typeof test;
  /** The same for `describe`. */
  readonly describe: typeof describe;
}

/** Whether a command can be found on the PATH. */
export function hasCommand(name: string): boolean {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(finder, [name], { stdio: 'ignore' }).status === 0;
}

/**
 * A need of some tests: by default a command of that name; `met` says otherwise. A suite named
 * after it is registered when it is not met, so that every reporter shows the remedy.
 */
export function needs(what: string, remedy: string, met = hasCommand(what)): Need {
  if (met || FORBIDDEN) return { met, test, describe };
  describe.skip(`${SKIP_MARK}${what}: ${remedy}`, () => {
    test('named skip', () => {});
  });
  return { met, test: test.skip as typeof test, describe: describe.skip as typeof describe };
}

/**
 * rumpus/vitest: kernel tests that need no set-up. `test` is vitest's own with a fixture more:
 *
 *   import { expect } from 'vitest';
 *   import { test } from 'rumpus/vitest';
 *
 *   test('the first process is number 1', ({ kernel }) => {
 *     expect(kernel.run((sys) => sys.getpid()).value).toBe(1);
 *   });
 *
 * vitest.config.ts needs the plugin of rumpus/vite, which compiles programs and components.
 */

import { test as base, type TestAPI } from 'vitest';
import { readyDebugging } from './debugged.ts';
import { makeFixture, type TestKernel } from './fixture.ts';
import type { TestPlace } from './loaded.ts';
import { installMatchers } from './matcher.ts';
import type { KernelRunOptions } from './options.ts';

export { KernelFailure } from './failure.ts';
export { fails } from '../../kernel/index.ts';
export type { HuntOptions, KernelRun, TestKernel, TestMain } from './fixture.ts';
export type { ErrnoMatchers } from './matcher.ts';
export type { KernelRunOptions } from './options.ts';

/** What a test of rumpus/vitest gets. */
export interface KernelFixtures {
  readonly kernel: TestKernel;
  /** What runs are told unless they say otherwise; set with `test.override` or kernelTest(). */
  readonly kernelOptions: KernelRunOptions;
}

interface Task {
  readonly name: string;
  readonly suite?: Task;
  readonly file: { readonly filepath: string; readonly name: string };
}

function placeOf(task: Task): TestPlace {
  const file = task.file.filepath;
  const name = task.file.name;
  const rootDir = file.endsWith(name) ? file.slice(0, -name.length - 1) : process.cwd();
  return { file, name, rootDir, fullName: fullName(task) };
}

/** As `vitest -t` sees it. */
function fullName(task: Pick<Task, 'name' | 'suite'>): string {
  return task.suite === undefined ? task.name : `${fullName(task.suite)} ${task.name}`;
}

/** vitest's `test` whose kernels have these options unless a run says otherwise. */
export function kernelTest(options: KernelRunOptions): TestAPI<KernelFixtures> {
  installMatchers();
  return base.extend<KernelFixtures>({
    kernelOptions: options,
    kernel: async ({ task, kernelOptions }, use) => {
      const place = placeOf(task);
      const fixture = makeFixture(place, kernelOptions);
      await readyDebugging(place);
      await use(fixture);
      fixture.finish();
    },
  });
}

/** vitest's `test` with the fixture `kernel`. */
export const test = kernelTest({});
export const it = test;

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
 *   hunt('no schedule loses an update', { ncpu: 2, schedules: 2000 }, countTwice);
 *
 * vitest.config.ts needs the plugin of rumpus/vite, which compiles programs and components.
 */

import { test as base, type TestAPI } from 'vitest';
import { readyDebugging } from './debugged.ts';
import type { Program } from '../../kernel/index.ts';
import {
  type Fixture,
  type HuntOptions,
  makeFixture,
  type TestKernel,
  type TestMain,
} from './fixture.ts';
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

/** What hunt() is told: a run's options, and how far it goes. */
export interface HuntTestOptions extends Partial<HuntOptions> {
  /** Host time that it may take, ms. Default: two minutes. */
  readonly timeout?: number;
}

/** Makes a test of a hunt. */
export type HuntDefinition = (
  name: string,
  options: HuntTestOptions,
  program: Program | TestMain<unknown>,
) => void;

/** A test that hunts, with the variants of vitest's `test` that people use in passing. */
export interface HuntTest extends HuntDefinition {
  readonly only: HuntDefinition;
  readonly skip: HuntDefinition;
  readonly todo: (name: string) => void;
}

const HUNT_SCHEDULES = 1000;
const HUNT_TIMEOUT_MS = 120_000;

function hunting(
  define: TestAPI<KernelFixtures> | TestAPI<KernelFixtures>['only'],
): HuntDefinition {
  return (name, { timeout = HUNT_TIMEOUT_MS, ...options }, program) => {
    define(name, { timeout }, async ({ kernel }) => {
      const schedules = options.schedules ?? HUNT_SCHEDULES;
      await (kernel as Fixture).huntAll({ ...options, schedules }, program);
    });
  };
}

/**
 * A test that runs a program, or a main function, under one schedule after another, as `rumpus hunt`
 * does, and fails with the first that does not end as it should: what happened, its schedule shrunk
 * to the switches that matter, and a core. The same schedules every time.
 */
export const hunt: HuntTest = Object.assign(hunting(test), {
  only: hunting(test.only),
  skip: hunting(test.skip),
  todo: (name: string) => test.todo(name),
});

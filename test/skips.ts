/**
 * The reporter that ends a test run: what was skipped and what to install for it, then one line
 * with the counts, which .ci/run repeats.
 *
 *   skipped for want of sleuthkit: apt-get install sleuthkit
 *   tests: 812 passed, 0 failed, 1 skipped
 */

import type { Reporter, TestModule } from 'vitest/node';

/** What the name of a suite starts with that stands for an unmet need (skip.ts). */
export const SKIP_MARK = 'skipped for want of ';

export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const needs = new Set<string>();
    for (const module of modules) {
      for (const suite of module.children.allSuites()) {
        if (suite.name.startsWith(SKIP_MARK)) needs.add(suite.name);
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'failed' : state]++;
      }
      // A module that cannot be loaded has no tests to fail.
      if (!module.ok() && [...module.children.allTests()].length === 0) counts.failed++;
    }
    for (const need of [...needs].sort()) process.stdout.write(`${need}\n`);
    const { passed, failed, skipped } = counts;
    process.stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}

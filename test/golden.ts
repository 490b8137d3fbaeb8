/**
 * Golden texts: `*.golden` beside the test. UPDATE=1 rewrites them; a mismatch leaves an `.actual`.
 */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** Expects `actual` to be the golden text at `name`, relative to the test's `import.meta.url`. */
export function expectGolden(testUrl: string, name: string, actual: string): void {
  const file = fileURLToPath(new URL(`${name}.golden`, testUrl));
  if (process.env['UPDATE'] === '1') {
    writeFileSync(file, actual);
    return;
  }
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (golden !== actual) writeFileSync(`${file}.actual`, actual);
  else rmSync(`${file}.actual`, { force: true });
  expect(actual, `${name}.golden differs; UPDATE=1 rewrites it`).toBe(golden);
}

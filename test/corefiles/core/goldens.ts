/** Golden text beside its test: UPDATE=1 rewrites it, a mismatch leaves an `.actual`. */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export function expectGolden(name: string, text: string): void {
  const file = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url));
  const actual = `${text.trimEnd()}\n`;
  if (process.env['UPDATE'] === '1') writeFileSync(file, actual);
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (actual === expected) rmSync(`${file}.actual`, { force: true });
  else writeFileSync(`${file}.actual`, actual);
  expect(actual).toBe(expected);
}

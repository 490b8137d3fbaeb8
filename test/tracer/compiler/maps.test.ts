/** Source maps are exact, and lines stay where they were. */

import { SourceMap } from 'node:module';
import { describe, expect, test } from 'vitest';
import { compile } from './driver.ts';
import { SAMPLES } from './samples.ts';

const WORD = /[A-Za-z_]\w*/g;

describe.each(SAMPLES)('%s', (_name, source) => {
  const { code, map, table } = compile(source);
  const original = map.sourcesContent?.[0] ?? '';
  const payload = JSON.parse(map.toString());
  const lines = original.split('\n');

  test('has as many lines as before', () => {
    expect(code.split('\n')).toHaveLength(lines.length);
  });

  test('each site is at a place in the source where something begins', () => {
    for (const site of table.sites.split(';')) {
      const [line, column] = site.split(':').map((text) => Number.parseInt(text, 10));
      expect(lines[line - 1][column]).toMatch(/\S/);
    }
  });

  test('every word of the source that is left in the output maps to itself', () => {
    const decoded = new SourceMap(payload);
    let found = 0;
    code.split('\n').forEach((text, line) => {
      for (const match of text.matchAll(WORD)) {
        const entry = decoded.findEntry(line, match.index);
        if (!('originalLine' in entry) || entry.generatedColumn !== match.index) continue;
        const there = lines[entry.originalLine].slice(entry.originalColumn);
        expect(there.startsWith(match[0]) || there.startsWith('yield')).toBe(true);
        expect(entry.originalLine).toBe(line);
        found++;
      }
    });
    expect(found).toBeGreaterThan(5);
  });
});

test.each([
  ["  KASSERT(n < 1, 'too many');", 3],
  ["  if (n > 0) KASSERT(\n    n < 1 &&\n    n > -1,\n    'n');", 14],
])('a KASSERT that fails is where its statement begins: %j', (statement, columnBase1) => {
  const { code, map } = compile(`\nexport function check(n: number) {\n${statement}\n}`);
  const decoded = new SourceMap(JSON.parse(map.toString()));
  const lines = code.split('\n');
  const line = lines.findIndex((text) => text.includes('KASSERT(false'));
  const entry = decoded.findEntry(line, lines[line].indexOf('KASSERT(false'));
  expect(entry).toMatchObject({ originalLine: 2, originalColumn: columnBase1 - 1 });
});

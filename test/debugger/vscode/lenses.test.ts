import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findLenses, isProgramText, type Lens } from '../../../debugger/vscode/lenses.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

/** `kind: text of its line`. */
function shown(text: string): string[] {
  const lines = text.split('\n');
  return findLenses(text).map(({ kind, lineBase0 }: Lens) => `${kind}: ${lines[lineBase0].trim()}`);
}

test('a program of the template and one of the gallery can be run', () => {
  const race = read('tui/init/template/src/race.ts.txt');
  expect(shown(race)).toEqual([
    'program: export default program({ components: [counter], ncpu: 2 }, countTwice);',
  ]);
  const buggy = read('test/gallery/kern-36681/buggy.ts');
  expect(findLenses(buggy).map(({ kind }) => kind)).toEqual(['program']);
});

test("the template's tests can be run, and their hunts lead to the test they are in", () => {
  const text = read('tui/init/template/test/counter.test.ts.txt');
  const lenses = findLenses(text);
  expect(lenses.map(({ kind }) => kind).join(' ')).toBe('test test test test hunt test hunt');
  const [hunt] = lenses.filter(({ kind }) => kind === 'hunt');
  expect(text.split('\n')[hunt.testLineBase0]).toContain("test('no schedule loses an update'");
});

test('what stands in comments and strings is no code, and other functions are not ours', () => {
  const text = `
import { program } from 'rumpus';
// program({})
/* program(
 */
const s = "program(" + 'program(' + \`program(\`;
my.program();
reprogram();
export default program({}, main);
`;
  expect(findLenses(text)).toEqual([{ kind: 'program', lineBase0: 8, testLineBase0: -1 }]);
});

test('modifiers of vitest are tests, what only begins like one is not', () => {
  const text = `import { test } from 'rumpus/vitest';
test.only('a', () => {});
test.each([1])('b', () => {});
test.extend({});
it('c', () => {});
submit('d');
`;
  expect(findLenses(text).map(({ lineBase0 }) => lineBase0)).toEqual([1, 2, 4]);
});

test('tests of other projects are left alone', () => {
  expect(findLenses("import { test } from 'vitest';\ntest('a', () => {});\n")).toEqual([]);
});

test('a source without a default export, or of something else, is no program', () => {
  expect(isProgramText("import { program } from 'rumpus'; const p = program({}, main);")).toBe(
    false,
  );
  expect(isProgramText("import { program } from 'commander'; export default program();")).toBe(
    false,
  );
  expect(isProgramText("import { program } from 'rumpus'; export default program({}, m);")).toBe(
    true,
  );
});

test('a long hostile source is looked at in no time', () => {
  const text = `import { program } from 'rumpus';\n${'`${"\'/*'.repeat(50_000)}`;
  expect(findLenses(text)).toEqual([]);
});

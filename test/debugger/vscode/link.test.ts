import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLink, parseLink } from '../../../debugger/index.ts';
import { findLinks } from '../../../debugger/vscode/link.ts';

/** What the editor hands to the extension. */
function parts(link: string): [string, string] {
  const url = new URL(link);
  expect(url.host).toBe('rumpus.rumpus');
  return [url.pathname, url.search.slice(1)];
}

test('a link opens the file that it was made for, whatever its name', () => {
  const name = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((text) => !/[\0/\\\p{Cs}]/u.test(text));
  fc.assert(
    fc.property(name, fc.option(fc.integer({ min: 1, max: 1e12 })), (text, icount) => {
      const file = resolve('folder', `${text}.core`);
      const link = openLink(file, icount ?? undefined, {});
      expect(parseLink(...parts(link))).toEqual({
        kind: 'core',
        file,
        icount: icount ?? undefined,
      });
    }),
  );
});

test('a link can be read by people', () => {
  const link = openLink('/home/me/.rumpus/race-deadlock-7.rumpus', 1204, {});
  expect(link).toMatch(
    /^vscode:\/\/rumpus\.rumpus\/open\?recording=.*\/home\/me\/\.rumpus\/race-deadlock-7\.rumpus&icount=1204$/,
  );
});

test('in a terminal of another editor, links lead to that one; nonsense leads to VS Code', () => {
  expect(openLink('a.core', undefined, { RUMPUS_EDITOR: 'vscodium' })).toMatch(/^vscodium:/);
  expect(openLink('a.core', undefined, { RUMPUS_EDITOR: 'java script:' })).toMatch(/^vscode:/);
});

test.each([
  ['/elsewhere', 'core=/a.core', 'nothing at'],
  ['/open', '', 'one core or one recording'],
  ['/open', 'core=/a.core&recording=/b.rumpus', 'one core or one recording'],
  ['/open', 'core=a.core', 'absolute'],
  ['/open', 'core=/etc/passwd', 'ends with .core'],
  ['/open', 'recording=/a.core', 'ends with .rumpus'],
  ['/open', 'core=/a.core&icount=0', 'whole number'],
  ['/open', 'core=/a.core&icount=1e3', 'whole number'],
])('the link %s?%s is refused with a sentence', (path, query, sentence) => {
  expect(parseLink(path, query)).toContain(sentence);
});

test('a link is found in what a command prints, whichever editor it is for', () => {
  const link = openLink('/a b/x.core', 7, { RUMPUS_EDITOR: 'code-oss' });
  const line = `  VS Code   ${link} and https://example.org/open?core=/x.core`;
  expect(findLinks(line)).toEqual([{ start: 12, length: link.length, url: link }]);
});

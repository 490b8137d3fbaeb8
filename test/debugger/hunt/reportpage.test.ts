/** The report as a page: whole, inert, and the same in a browser without a network. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { type HuntReport, reportPage } from '../../../debugger/hunt/report/index.ts';
import { reported } from './reporting.ts';
import { needs } from '../../skip.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browser = CHROMIUM.find((file) => existsSync(file));

let report: HuntReport;
beforeAll(async () => {
  report = await reported('gallery/kern-43694/buggy.ts', 'ncpu=2,access|1.3>2 2.2>1');
});

/** What a page would load: URLs in attributes and styles that are fetched without a click. */
function loaded(html: string): string[] {
  const fetched =
    /\b(?:src|srcset|poster|data|background)\s*=\s*["']?[^"'\s>]+|<link\b[^>]*>|@import[^;]+|url\([^)]*\)/gi;
  const visible = html.replace(/<script type="application\/json"[\s\S]*?<\/script>/g, '');
  return visible.match(fetched) ?? [];
}

test('the page loads nothing, and forbids what would', () => {
  const html = reportPage(report);
  expect(loaded(html)).toEqual([]);
  // The name of SVG is a name.
  const urls = html.replaceAll('http://www.w3.org/2000/svg', '').match(/https?:\/\/[^\s"'<]+/g);
  expect(urls).toBeNull();
  expect(html.includes(`content="default-src 'none'; style-src 'unsafe-inline'`)).toBe(true);
});

test('what the program says is text, whatever it is', () => {
  const evil = '</script><img src=x onerror=alert(1)>"\'&\u001b[2J\u202e';
  const place = { function: evil, path: evil, line: 1, source: evil };
  const html = reportPage({
    ...report,
    program: evil,
    headline: `kassert: ${evil}`,
    message: evil,
    object: evil,
    objectPath: `${evil}.x`,
    notes: [evil],
    reproduce: evil,
    recording: `/tmp/${evil}.rumpus`,
    columns: report.columns.map((column) => ({ ...column, name: evil })),
    sides: report.sides.map((side) => ({
      ...side,
      ...{ object: evil, before: evil, after: evil, lwpName: evil, held: [evil], place },
      syscall: { name: evil, args: evil },
      excerpt: [{ line: 1, text: evil }],
      stack: [place, place],
    })),
    rows: report.rows.map((row) => ({ ...row, does: evil, place })),
    timeline: {
      ...report.timeline,
      runs: report.timeline.runs.map((run) => ({ ...run, name: evil })),
    },
  });
  const has = (text: string) => html.includes(text);
  expect(['<img', '\u001b', '\u202e'].filter(has)).toEqual([]);
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html.match(/<\/script/g)).toHaveLength(2);
});

test('every row opens the debugger at its icount, where there is a recording', () => {
  const html = reportPage({ ...report, recording: '/home/me/race.rumpus' });
  for (const { icount } of report.rows) {
    const link = `<a href="vscode://rumpus.rumpus/open?recording=/home/me/race.rumpus&#38;icount=${icount}"`;
    expect(html.includes(link)).toBe(true);
  }
  expect(reportPage(report).includes('vscode://')).toBe(false);
});

const { test: browserTest } = needs('Chromium', 'apt-get install chromium', browser !== undefined);

/** Opens a page with the network off; gives the document as the browser has it. */
function opened(html: string, width: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-report-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    const options = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom'].concat(
      ['--host-resolver-rules=MAP * ~NOTFOUND', `--window-size=${width},900`],
      ['--virtual-time-budget=2000', `--user-data-dir=${join(folder, 'profile')}`],
    );
    return execFileSync(browser ?? '', [...options, pathToFileURL(file).href], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Tells of what is wider than the window; runs in the page. */
const MEASURE = `addEventListener('load', () => {
  const wide = document.documentElement.scrollWidth > innerWidth;
  document.title = [wide ? 'too wide' : 'fits', document.querySelectorAll('.row').length,
    document.querySelectorAll('svg.timeline .run').length > 0].join(' ');
});`;

browserTest.each([1280, 500])('opens without a network, %i pixels wide', (width) => {
  const html = reportPage(report).replace('</body>', `<script>${MEASURE}</script></body>`);
  const title = /<title>([^<]*)<.title>/.exec(opened(html, width))?.[1];
  expect(title).toBe(`fits ${report.rows.length} true`);
});

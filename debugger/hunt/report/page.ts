/**
 * The report as a page: one HTML file with its data, style and script in it, which loads nothing.
 *
 * Every text may be a program's own and is escaped; a policy in the page forbids what would load or
 * run anything else. Without scripts everything is there but zooming and copying.
 */

import { readFileSync } from 'node:fs';
import { printable } from '../../../corefiles/index.ts';
import { type Timeline, timelineSvg, viewAround } from '../../../tracer/index.ts';
import { packageFile } from '../../run/load.ts';
import { openLink } from '../../vscode/link.ts';
import { grouped } from './table.ts';
import { factsOf } from './text.ts';
import { switchSentence } from './words.ts';
import type { HuntReport, PlaceReport, RowReport, SideReport, SwitchReport } from './types.ts';

/** Script and style of the page and of the timeline picture, as the build made them. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

/** Of the picture, until the page's script knows how wide it is. */
const TIMELINE_PX = 960;
/** Classes of colours of LWPs; the picture has the same. */
const COLOURS = 8;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** What the build made. */
export function pageAssets(): PageAssets {
  const read = (name: string) => readFileSync(packageFile(`dist/${name}`), 'utf8');
  return {
    style: read('timeline.css') + read('report.css'),
    script: `${read('timeline.js')}\n${read('report.js')}`,
  };
}

/** The page. Rows are links into the editor where the report names a recording. */
export function reportPage(report: HuntReport, assets: PageAssets = pageAssets()): string {
  const link = linkerOf(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(report.headline)}</title>
<style>${assets.style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<main>
${header(report)}
${sides(report, link)}
${swap(report)}
${rows(report, link)}
${picture(report)}
${facts(report)}
</main>
<script>${assets.script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

/** The link that opens the debugger at an icount; '' without a file to open. */
type Linker = (icount: number) => string;

function linkerOf({ recording, core }: HuntReport): Linker {
  const file = recording ?? core;
  return (icount) => (file === undefined ? '' : openLink(file, icount, {}));
}

function header(report: HuntReport): string {
  const { headline, message, object, objectPath, program } = report;
  const colon = headline.indexOf(': ');
  const name = colon < 0 ? headline : headline.slice(0, colon);
  const rest = colon < 0 ? '' : headline.slice(colon + 2);
  const parts = [
    `<p class="over">rumpus hunt <span>${escaped(program)}</span></p>`,
    `<h1><span class="verdict">${escaped(name)}</span> ${escaped(rest)}</h1>`,
  ];
  if (message !== '' && !headline.includes(message)) {
    parts.push(`<p class="message">${escapedLines(message)}</p>`);
  }
  if (objectPath !== '' && objectPath !== object) {
    parts.push(
      `<p class="where"><code>${escaped(object)}</code> is in <code>${escaped(objectPath)}</code></p>`,
    );
  }
  return `<header>${parts.join('\n')}</header>`;
}

function sides(report: HuntReport, link: Linker): string {
  if (report.sides.length === 0) return '';
  const cards = report.sides.map((side) => card(side, link)).join('\n');
  return `<section class="sides" aria-label="The operations that matter">\n${cards}\n</section>`;
}

function card(side: SideReport, link: Linker): string {
  const { mark, place, lwp, lwpName, cpu, icount, syscall, held, does, object } = side;
  const meta = [
    `<span class="lwp">LWP ${lwp} ${escaped(lwpName)}</span>`,
    `CPU ${cpu}`,
    anchor(link(icount), `icount ${grouped(icount)}`),
  ];
  if (syscall !== null) {
    meta.push(`in <code>${escaped(`${syscall.name}(${syscall.args})`)}</code>`);
  }
  const locks = held.map((lock) => `<code>${escaped(lock)}</code>`).join(', ');
  meta.push(held.length === 0 ? 'no locks held' : `holds ${locks}`);
  const target = side.row > 0 ? ` data-row="${side.row}"` : '';
  return `<article class="side ${colour(lwp)}"${target}>
<h2><b class="mark">${escaped(mark)}</b><span class="what"><code>${escaped(place.function || lwpName)}</code> ${escaped(does)} <code>${escaped(object)}</code></span>${values(side)}</h2>
${excerpt(side)}
<p class="meta">${meta.map((part) => `<span>${part}</span>`).join('')}</p>
${stack(side.stack)}
</article>`;
}

function values({ before, after }: SideReport): string {
  if (before === '') return '';
  const change = after === '' ? escaped(before) : `${escaped(before)} → ${escaped(after)}`;
  return `<span class="values">${change}</span>`;
}

function excerpt({ place, excerpt: lines }: SideReport): string {
  const name = `<figcaption>${escaped(placeName(place))}</figcaption>`;
  if (lines.length === 0) return `<figure>${name}</figure>`;
  const code = lines.map(({ line, text }) => {
    const own = line === place.line ? ' class="own"' : '';
    return `<span${own}><i>${line}</i>${escaped(text) || ' '}</span>`;
  });
  return `<figure>${name}<pre>${code.join('')}</pre></figure>`;
}

function placeName({ path, line }: PlaceReport): string {
  return path === '' ? 'no source' : `${path}:${line}`;
}

function stack(frames: readonly PlaceReport[]): string {
  if (frames.length < 2) return '';
  const items = frames.map(
    (frame) =>
      `<li><code>${escaped(frame.function || '(anonymous)')}</code> <span>${escaped(placeName(frame))}</span></li>`,
  );
  return `<details><summary>Stack of ${frames.length}</summary><ol>${items.join('')}</ol></details>`;
}

function swap(report: HuntReport): string {
  if (report.swap === null) return '';
  const { sentence, schedule } = report.swap;
  const how = schedule === '' ? '' : ` <code>${escaped(schedule)}</code>`;
  return `<p class="swap"><b>${escaped(sentence)}</b>${sentence.includes(schedule) ? '' : how}</p>`;
}

function rows(report: HuntReport, link: Linker): string {
  const { columns, omitted } = report;
  if (report.rows.length === 0) return '';
  const heads = columns.map(
    ({ lwp, name }, i) =>
      `<span class="${colour(lwp)}" style="--at:${i}">LWP ${lwp} ${escaped(name)}</span>`,
  );
  const items = report.rows.map((one) => row(one, columns.length, link));
  const rest = omitted > 0 ? `<li class="more">${grouped(omitted)} more operations</li>` : '';
  const style = `--columns:${columns.length}`;
  return `<section aria-label="Timeline"><h3>What happened</h3>
<ol class="rows" style="${style}"><li class="heads"><span>icount</span>${heads.join('')}</li>
${items.join('\n')}${rest}</ol></section>`;
}

function row(one: RowReport, columns: number, link: Linker): string {
  const { row: number, column, mark, icount, does, place, switched, omitted, lwp, cpu } = one;
  const before =
    (omitted > 0 ? `<li class="more">${grouped(omitted)} more operations</li>` : '') +
    (switched === null ? '' : switchLine(switched));
  const marks = [...mark].map((letter) => `<b class="mark">${escaped(letter)}</b>`).join('');
  const source = place.source || place.function;
  const title = `${placeName(place)}, LWP ${lwp} on CPU ${cpu}`;
  const head = `<span class="number">${marks}${number}</span><span class="icount">${grouped(icount)}</span>`;
  const text = `<span class="cell" style="--at:${Math.min(column, columns - 1)}"><code>${escaped(source)}</code><small>${escaped(does)}</small></span>`;
  const kind = `${colour(lwp)}${mark === '' ? '' : ' marked'}`;
  const url = link(icount);
  const open = url === '' ? '<div' : `<a href="${escaped(url)}"`;
  const close = url === '' ? '</div>' : '</a>';
  return `${before}<li class="row ${kind}" id="row-${number}">${open} title="${escaped(title)}">${head}${text}${close}</li>`;
}

function switchLine(at: SwitchReport): string {
  const made = at.directive === '' ? '' : `<code>${escaped(at.directive)}</code>`;
  const kind = at.directive === '' ? 'switch' : 'switch forced';
  return `<li class="${kind}"><span>${made}${escaped(switchSentence(at))}</span></li>`;
}

function picture(report: HuntReport): string {
  const timeline = shownTimeline(report.timeline);
  if (timeline.runs.length === 0) return '';
  const svg = timelineSvg(timeline, viewAround(timeline, TIMELINE_PX));
  const data = JSON.stringify(timeline).replaceAll('<', '\\u003c');
  return `<section aria-label="Who ran where"><h3>Who ran on which CPU</h3>
<div class="timeline-host">${svg}<script type="application/json" class="timeline-data">${data}</script></div></section>`;
}

/** Names and texts as they may be shown. */
function shownTimeline(timeline: Timeline): Timeline {
  return {
    ...timeline,
    runs: timeline.runs.map((run) => ({ ...run, name: printable(run.name) })),
    marks: timeline.marks.map((mark) => ({ ...mark, text: printable(mark.text) })),
  };
}

function facts(report: HuntReport): string {
  const items = factsOf(report)
    .filter(([label]) => label !== 'replay')
    .map(([label, text]) => `<dt>${escaped(label)}</dt><dd>${escaped(text)}</dd>`);
  const notes = report.notes.map((note) => `<p class="note">${escapedLines(note)}</p>`).join('');
  const file = report.recording ?? report.core;
  const editor =
    file === undefined
      ? ''
      : `<p><a class="button" href="${escaped(openLink(file, report.icount, {}))}">Open in VS Code</a></p>`;
  return `${notes === '' ? '' : `<section aria-label="Notes"><h3>Notes</h3>${notes}</section>`}
<section aria-label="Statistics"><h3>Statistics</h3><dl>${items.join('')}</dl></section>
<section aria-label="Reproduce"><h3>Reproduce</h3>
<div class="command"><code>${escaped(report.reproduce)}</code><button type="button" class="copy">Copy</button></div>
${editor}</section>`;
}

function anchor(url: string, text: string): string {
  return url === '' ? text : `<a href="${escaped(url)}">${text}</a>`;
}

function colour(lwp: number): string {
  return `lwp-${lwp % COLOURS}`;
}

/** Text that stands for itself, on one line. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('<br>');
}

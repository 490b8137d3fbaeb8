/**
 * The timeline picture as SVG text: a lane a CPU, a bar a run, a mark an event, and a line where
 * one stands. Text, so that a report can hold it without a script and a test can read it; the page's
 * script (page/main.js) draws it again when one zooms, and tells where was clicked.
 *
 *   timelineSvg(timeline, { from: 900, to: 1400, widthPx: 600 })
 *
 * Whatever can be gone to has `data-icount`. Names and texts may be a stranger's and are escaped.
 * Colours are classes (`lwp-3`); page/style.css has them.
 */

import type { Timeline, TimelineMark, TimelineRun } from './timeline.ts';

/** The part of the time that is shown, and how wide. */
export interface TimelineView {
  readonly from: number;
  readonly to: number;
  readonly widthPx: number;
}

/** Left of the lanes, for their names. */
export const TIMELINE_GUTTER_PX = 46;
const AXIS_PX = 22;
const LANE_PX = 30;
const BAR_PX = 18;
/** Classes of colours. */
const COLOURS = 8;
/** A bar narrower than this is drawn with its neighbours as one. */
const DENSE_PX = 1.5;
const CHARACTER_PX = 6.5;
const TICKS = 5;
const LEGEND_PX = 15;
/** Names in the legend; a bar's own title has the others. */
const LEGEND_MAX = 24;

/** The whole run, and a little more. */
export function wholeView(timeline: Timeline, widthPx: number): TimelineView {
  const first = timeline.runs[0]?.from ?? 0;
  const last = Math.max(timeline.icount, timeline.runs.at(-1)?.to ?? first + 1);
  const margin = Math.max(1, Math.ceil((last - first) / 50));
  return { from: Math.max(0, first - margin), to: last + margin, widthPx };
}

/** The last `runs` runs before where one stands, and as much time after it as they leave. */
export function viewAround(timeline: Timeline, widthPx: number, runs = 12): TimelineView {
  const before = timeline.runs.filter(({ from }) => from <= timeline.icount);
  const first = before.at(-runs)?.from ?? before[0]?.from ?? 0;
  const length = Math.max(20, timeline.icount - first);
  return { from: Math.max(0, first), to: timeline.icount + Math.ceil(length / 3), widthPx };
}

/** Where an icount is in a view, in pixels from its left edge. */
export function xOf(icount: number, { from, to, widthPx }: TimelineView): number {
  const wide = Math.max(1, widthPx - TIMELINE_GUTTER_PX);
  return TIMELINE_GUTTER_PX + ((icount - from) / Math.max(1, to - from)) * wide;
}

/** The icount at a place in a view. */
export function icountAt(x: number, { from, to, widthPx }: TimelineView): number {
  const wide = Math.max(1, widthPx - TIMELINE_GUTTER_PX);
  const part = Math.min(1, Math.max(0, (x - TIMELINE_GUTTER_PX) / wide));
  return Math.round(from + part * (to - from));
}

/** The picture. */
export function timelineSvg(timeline: Timeline, view: TimelineView): string {
  const legend = legendSvg(timeline, view);
  const height = laneTop(timeline.ncpu);
  const parts = [axis(view, height), lanes(timeline, view)];
  for (let cpu = 0; cpu < timeline.ncpu; cpu++) parts.push(bars(timeline, cpu, view));
  const seen = timeline.marks.filter(({ icount }) => icount >= view.from && icount <= view.to);
  // Where marks lie on each other, what went wrong is on top.
  const ordered = seen.sort((a, b) => weightOf(a) - weightOf(b));
  parts.push(...ordered.map((mark) => markSvg(mark, view)));
  parts.push(nowSvg(timeline, view, height));
  parts.push(legend.svg);
  const size = `width="${view.widthPx}" height="${height + legend.heightPx}"`;
  return `<svg class="timeline" xmlns="http://www.w3.org/2000/svg" ${size} role="img">${parts.join('')}</svg>`;
}

function axis(view: TimelineView, height: number): string {
  const step = niceStep((view.to - view.from) / TICKS);
  const parts: string[] = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
    const x = px(xOf(at, view));
    parts.push(`<line class="grid" x1="${x}" x2="${x}" y1="${AXIS_PX - 4}" y2="${height}"/>`);
    if (xOf(at, view) > view.widthPx - 30) continue;
    parts.push(`<text class="tick" x="${x}" y="12" text-anchor="middle">${grouped(at)}</text>`);
  }
  return parts.join('');
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number): number {
  let power = 1;
  while (power * 10 <= least) power *= 10;
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least) ?? power * 10;
}

function lanes(timeline: Timeline, { widthPx }: TimelineView): string {
  const parts: string[] = [];
  for (let cpu = 0; cpu < timeline.ncpu; cpu++) {
    const y = laneTop(cpu);
    parts.push(`<text class="cpu" x="4" y="${y + 20}">CPU ${cpu}</text>`);
    parts.push(`<line class="lane" x1="0" x2="${widthPx}" y1="${y}" y2="${y}"/>`);
  }
  return parts.join('');
}

function laneTop(cpu: number): number {
  return AXIS_PX + cpu * LANE_PX;
}

/** The bars of a CPU; neighbours that are too narrow to be seen alone become one grey bar. */
function bars(timeline: Timeline, cpu: number, view: TimelineView): string {
  const parts: string[] = [];
  let dense: TimelineRun | undefined;
  const flush = (): void => {
    if (dense !== undefined) parts.push(bar(dense, view, 'dense'));
    dense = undefined;
  };
  for (const run of timeline.runs) {
    if (run.cpu !== cpu || run.to < view.from || run.from > view.to) continue;
    const wide = xOf(run.to, view) - xOf(run.from, view);
    if (wide >= DENSE_PX) {
      flush();
      parts.push(bar(run, view, `lwp-${run.lwp % COLOURS}`));
      continue;
    }
    if (dense !== undefined && xOf(run.from, view) - xOf(dense.to, view) > DENSE_PX) flush();
    dense = { ...run, name: 'many', from: dense?.from ?? run.from };
  }
  flush();
  return parts.join('');
}

function bar(run: TimelineRun, view: TimelineView, colour: string): string {
  const left = Math.max(TIMELINE_GUTTER_PX, xOf(run.from, view));
  const right = Math.min(view.widthPx, xOf(run.to, view));
  const wide = Math.max(1, right - left);
  const y = laneTop(run.cpu) + 6;
  const title = `${run.name} on CPU ${run.cpu}: ${grouped(run.from)} – ${grouped(run.to - 1)}`;
  const room = Math.floor((wide - 8) / CHARACTER_PX);
  const text =
    run.name.length <= room ? run.name : room > 3 ? `${run.name.slice(0, room - 1)}…` : '';
  const label =
    text === ''
      ? ''
      : `<text class="name" x="${px(left + 4)}" y="${y + 13}">${escaped(text)}</text>`;
  return (
    `<g class="run ${colour}" data-from="${run.from}"><title>${escaped(title)}</title>` +
    `<rect x="${px(left)}" y="${y}" width="${px(wide)}" height="${BAR_PX}" rx="2"/>${label}</g>`
  );
}

/** Shapes by the first word of a kind: a mark is 7 px wide, below or above its bar. */
const SHAPES: Readonly<Record<string, string>> = {
  errno: 'M0,-4L4,0L0,4L-4,0Z',
  lock: 'M-4,-3L4,-3L0,4Z',
  sched: 'M0,-3A3,3 0 1 1 -0.01,-3Z',
  syscall: 'M-1,-4L1,-4L1,4L-1,4Z',
};
const OTHER_SHAPE = 'M-3,-3L3,-3L3,3L-3,3Z';

function weightOf({ kind }: TimelineMark): number {
  return ['errno', 'lock:wait'].includes(kind) ? 1 : 0;
}

function markSvg(mark: TimelineMark, view: TimelineView): string {
  const word = mark.kind.split(':')[0];
  const x = px(xOf(mark.icount, view));
  const y = laneTop(mark.cpu) + LANE_PX - 5;
  const title = `${mark.kind} at icount ${grouped(mark.icount)}: ${mark.text}`;
  const shape = Object.hasOwn(SHAPES, word) ? SHAPES[word] : OTHER_SHAPE;
  const name = word.replace(/[^a-z]/g, '');
  return (
    `<path class="mark mark-${name}" data-icount="${mark.icount}" transform="translate(${x},${y})" ` +
    `d="${shape}"><title>${escaped(title)}</title></path>`
  );
}

/** Who has which colour, of those who are seen: below the lanes, in as many lines as it takes. */
function legendSvg(timeline: Timeline, view: TimelineView): { svg: string; heightPx: number } {
  const names = new Map<number, string>();
  for (const { lwp, name, from, to } of timeline.runs) {
    if (to >= view.from && from <= view.to) names.set(lwp, name);
  }
  const parts: string[] = [];
  let x = TIMELINE_GUTTER_PX;
  let line = 0;
  for (const [lwp, name] of [...names].sort(([a], [b]) => a - b).slice(0, LEGEND_MAX)) {
    const wide = 22 + name.length * CHARACTER_PX;
    if (x > TIMELINE_GUTTER_PX && x + wide > view.widthPx) {
      x = TIMELINE_GUTTER_PX;
      line++;
    }
    const y = laneTop(timeline.ncpu) + 6 + line * LEGEND_PX;
    parts.push(
      `<g class="key run lwp-${lwp % COLOURS}"><rect x="${px(x)}" y="${y}" width="9" height="9" rx="2"/>` +
        `<text class="legend" x="${px(x + 13)}" y="${y + 9}">${escaped(name)}</text></g>`,
    );
    x += wide;
  }
  return { svg: parts.join(''), heightPx: names.size === 0 ? 0 : 8 + (line + 1) * LEGEND_PX };
}

function nowSvg(timeline: Timeline, view: TimelineView, height: number): string {
  if (timeline.icount < view.from || timeline.icount > view.to) return '';
  const x = xOf(timeline.icount, view);
  const line = `<line class="now" x1="${px(x)}" x2="${px(x)}" y1="14" y2="${height}"/>`;
  const head = `<path class="now" d="M${px(x - 5)},14L${px(x + 5)},14L${px(x)},21Z"/>`;
  return line + head;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Text that stands for itself in XML, with control characters made visible. */
function escaped(text: string): string {
  return text
    .replace(/\p{Cc}/gu, '·')
    .replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The report as text for a terminal of any width from 60 columns on.
 *
 *   kassert: fd_used / getfile on FdFile#2.refcnt: ff->ff_refcnt == 0: a free descriptor is in use
 *
 *   A  getfile updates FdFile#2.refcnt: 0 → 1
 *      atomic_inc_uint(ff.refcnt);
 *      LWP 3 writer on CPU 1, icount 230, in write(3, "x")
 *        getfile (old.ts:22)
 *   B  …
 *
 *   (the table, see table.ts)
 *
 *   The same run with lines 2 and 3 swapped passes.
 *   schedules  1,204, 800 a second
 *   replay     npx rumpus replay buggy.ts --schedule '2@17>3'
 */

import { printable, printableLines } from '../../../corefiles/index.ts';
import { statisticsLines } from './statistics.ts';
import { grouped, type Styled, tableLines } from './table.ts';
import type { HuntReport, PlaceReport, SideReport } from './types.ts';

/** Frames of a stack in a terminal. */
const FRAMES_SHOWN = 6;
const LABEL = 10;
const WIDTH_MIN = 60;
const WIDTH_USUAL = 80;

/** The lines. `width` is that of the terminal. */
export function reportText(
  report: HuntReport,
  styled: Styled = (_, text) => text,
  width = WIDTH_USUAL,
): string[] {
  const wide = Math.max(WIDTH_MIN, width);
  const lines = headlineLines(report, styled);
  for (const side of report.sides) lines.push('', ...sideLines(side, styled));
  const table = tableLines(report, styled, wide);
  if (table.length > 0) lines.push('', ...table);
  if (report.swap !== null) {
    const sentence = wrapped(printable(report.swap.sentence), wide, '  ');
    lines.push('', ...sentence.map((line) => styled('green', line)));
  }
  if (report.notes.length > 0) lines.push('');
  for (const note of report.notes) lines.push(...wrapped(printableLines(note), wide, '  '));
  return [...lines, '', ...factLines(report, styled)];
}

function headlineLines(report: HuntReport, styled: Styled): string[] {
  const colon = report.headline.indexOf(': ');
  const [name, rest] = [report.headline.slice(0, colon), report.headline.slice(colon)];
  const lines = [styled('red', styled('bold', name)) + styled('bold', printable(rest))];
  if (report.message !== '' && !report.headline.includes(report.message)) {
    lines.push(`  ${printableLines(report.message)}`);
  }
  if (report.objectPath !== '' && report.objectPath !== report.object) {
    lines.push(
      styled('dim', `  ${printable(report.object)} is in ${printable(report.objectPath)}`),
    );
  }
  return lines;
}

function sideLines(side: SideReport, styled: Styled): string[] {
  const { mark, place, lwp, lwpName, cpu, icount, syscall, held, stack } = side;
  const who = place.function === '' ? lwpName : place.function;
  const head = `  ${styled('yellow', mark)}  ${styled('bold', printable(who))} ${printable(whatText(side))}`;
  const call = syscall === null ? '' : `, in ${syscall.name}(${syscall.args})`;
  const locks = held.length === 0 ? '' : `, holds ${held.join(', ')}`;
  const where = `LWP ${lwp} ${lwpName} on CPU ${cpu}, icount ${grouped(icount)}${call}${locks}`;
  const frames = stack
    .slice(0, FRAMES_SHOWN)
    .map((frame) => styled('dim', `       ${placeText(frame)}`));
  const more = stack.length - FRAMES_SHOWN;
  if (more > 0) frames.push(styled('dim', `       … ${more} more`));
  const source = place.source === '' ? [] : [`     ${printable(place.source)}`];
  return [head, ...source, `     ${printable(where)}`, ...frames];
}

/** `updates FdFile#2.refcnt: 0 → 1`. */
export function whatText({ does, object, before, after }: SideReport): string {
  const what = `${does} ${object}`.trim();
  if (before === '') return what;
  return after === '' ? `${what}: ${before}` : `${what}: ${before} → ${after}`;
}

function placeText({ function: name, path, line }: PlaceReport): string {
  return printable(`${name || '(anonymous)'} (${path}:${line})`);
}

function factLines(report: HuntReport, styled: Styled): string[] {
  return factsOf(report).map(
    ([label, text]) => `  ${styled('dim', label.padEnd(LABEL))} ${printable(text)}`,
  );
}

/** What else is said of a finding, as label and text. */
export function factsOf(report: HuntReport): [string, string][] {
  const { shrink, times, schedulesToFailure, preemptions } = report;
  const facts: [string, string][] = [];
  facts.push(['found', foundText(schedulesToFailure, times)]);
  if (shrink !== null) {
    const from = `${plural(shrink.directivesBefore, 'directive')} to ${shrink.directives}`;
    const minimal = shrink.minimal === '' ? '' : `; ${shrink.minimal}`;
    facts.push(['shrunk', `from ${from} in ${plural(shrink.replays, 'replay')}${minimal}`]);
  }
  const cpus = `${plural(report.ncpu, 'CPU')}${report.preempt ? ', preemption' : ''}`;
  const { strategy, grain, seed } = report;
  facts.push([
    'run',
    `${cpus}, ${strategy}, grain ${grain}, seed ${seed}, ${plural(preemptions, 'switch')}`,
  ]);
  facts.push(...statisticsLines(report.statistics));
  facts.push(['replay', report.reproduce]);
  return facts;
}

function foundText(schedule: number, times: number): string {
  const again = times > 1 ? `, ${grouped(times)} times in all` : '';
  return `in schedule ${grouped(schedule)}${again}`;
}

function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${grouped(count)} ${noun}${/(s|sh|ch)$/.test(noun) ? 'es' : 's'}`;
}

/** Text in lines of at most `width` columns. */
function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > width && line !== indent) {
      lines.push(line);
      line = `${indent}  `;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}

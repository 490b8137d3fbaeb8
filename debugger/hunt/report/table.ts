/**
 * The timeline as a table in a terminal: a column an LWP, and a line where the schedule switched.
 *
 *        icount  LWP 2 main                     LWP 3 writer
 *     1     214  const again = yield* sys.dup…
 *                refcnt is 0
 *        ── 2@17>3: LWP 3 runs, LWP 2 is preempted ──────────────────
 *   A 2     230                                 atomic_inc_uint(ff.refcnt);
 *                                               refcnt: 0 → 1
 */

import { printable } from '../../../corefiles/index.ts';
import type { HuntReport, RowReport, SwitchReport } from './types.ts';
import { cut } from './values.ts';
import { switchSentence } from './words.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
/** Colours a text, where there are colours. */
export type Styled = (style: Style, text: string) => string;

/** Columns of the terminal below which a table says nothing. */
const COLUMN_MIN = 16;
const GAP = '  ';

interface Layout {
  readonly styled: Styled;
  readonly width: number;
  readonly markWidth: number;
  readonly rowWidth: number;
  readonly icountWidth: number;
  readonly columnWidth: number;
}

/** The lines of the table; empty without rows. */
export function tableLines(report: HuntReport, styled: Styled, width: number): string[] {
  const { rows, columns, omitted } = report;
  if (rows.length === 0) return [];
  const layout = layoutOf(report, styled, width);
  const heads = columns.map(({ lwp, name }) => printable(`LWP ${lwp} ${name}`));
  const lines = [styled('dim', lead(layout, '', '', 'icount') + cells(layout, heads))];
  for (const row of rows) {
    if (row.omitted > 0) lines.push(styled('dim', omittedLine(layout, row.omitted)));
    if (row.switched !== null) lines.push(switchLine(layout, row.switched));
    lines.push(...rowLines(layout, row, columns.length));
  }
  if (omitted > 0) lines.push(styled('dim', omittedLine(layout, omitted)));
  return lines.map((line) => line.trimEnd());
}

function layoutOf({ rows, columns }: HuntReport, styled: Styled, width: number): Layout {
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const markWidth = longest(rows.map(({ mark }) => mark));
  const rowWidth = String(rows.length).length;
  const icountWidth = Math.max(6, longest(rows.map(({ icount }) => grouped(icount))));
  const lead = 2 + markWidth + 1 + rowWidth + GAP.length + icountWidth + GAP.length;
  const count = columns.length;
  const room = Math.floor((width - lead - GAP.length * (count - 1)) / Math.max(1, count));
  return {
    styled,
    width,
    markWidth,
    rowWidth,
    icountWidth,
    columnWidth: Math.max(COLUMN_MIN, room),
  };
}

function lead(layout: Layout, mark: string, row: string, icount: string): string {
  const { markWidth, rowWidth, icountWidth } = layout;
  const number = `${mark.padEnd(markWidth)} ${row.padStart(rowWidth)}`;
  return `  ${number}${GAP}${icount.padStart(icountWidth)}${GAP}`;
}

/** One text a column. */
function cells({ columnWidth }: Layout, texts: readonly string[]): string {
  return texts.map((text) => cut(text, columnWidth).padEnd(columnWidth)).join(GAP);
}

function rowLines(layout: Layout, row: RowReport, columns: number): string[] {
  const { styled } = layout;
  const alone = (text: string) =>
    cells(
      layout,
      Array.from({ length: columns }, (_, i) => (i === row.column ? printable(text) : '')),
    );
  const number = lead(layout, row.mark, String(row.row), grouped(row.icount));
  const head = row.mark === '' ? number : styled('bold', number);
  const source = row.place.source || row.place.function;
  const does = `  ${row.does}`;
  const blank = lead(layout, '', '', '');
  const text = row.mark === '' ? alone(source) : styled('bold', alone(source));
  return [head + text, blank + styled(row.mark === '' ? 'cyan' : 'yellow', alone(does))];
}

function switchLine({ styled, width }: Layout, at: SwitchReport): string {
  const { directive } = at;
  const text = `${directive === '' ? '' : `${directive}: `}${printable(switchSentence(at))}`;
  const left = `  ${'─'.repeat(2)} ${cut(text, width - 8)} `;
  const line = left + '─'.repeat(Math.max(2, width - left.length));
  return styled(directive === '' ? 'dim' : 'yellow', line);
}

function omittedLine(layout: Layout, omitted: number): string {
  return `${lead(layout, '', '', '')}… ${grouped(omitted)} more`;
}

/** 1234567 as `1,234,567`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * The analysis as one screen.
 *
 *   kassert: the directory is not empty
 *     at icount 12,345, virtual time 123.45 µs
 *
 *   where   tmpfs_rmdir (rumpus/kernel/fs/tmpfs/tmpfs_dir.ts:88:3), called by sys_rmdir, main
 *           KASSERT(node.entries.size === 0, 'the directory is not empty');
 *           node = TmpfsNode {…} #81, name = "d"
 *   who     LWP 1 (main) of process 1 (init), in rmdir("/d")
 */

import { printable } from '../../printable.ts';
import type { Analysis, Involved } from '../analyze.ts';
import type { BacktraceFrame } from './bt.ts';
import { clipped, frameLine, grouped, placeText, timeText } from './lines.ts';
import { edgeText } from './locks.ts';

const WIDTH = 100;
const LABEL = 9;
/** Callers that are named after the culprit. */
const CALLERS = 4;
/** Sleepers and members of a cycle that are shown. */
const OTHERS = 6;
const LOCALS = 6;
const WARNINGS = 2;

export function analysisText(analysis: Analysis): string {
  const { verdict, message, icount, virtualTimeNs, main, cycle, others } = analysis;
  const lines = [clipped(printable(message === '' ? verdict : `${verdict}: ${message}`), 300)];
  lines.push(`  at icount ${grouped(icount)}, virtual time ${timeText(virtualTimeNs)}`, '');
  if (cycle.length > 0) lines.push(...cycleLines(analysis));
  else {
    if (main !== undefined) lines.push(...whereLines(main));
    lines.push(...labelled('others', others.slice(0, OTHERS).map(otherLine)));
  }
  lines.push(...labelled('events', analysis.events.map(printable)));
  const warnings = analysis.warnings.slice(0, WARNINGS).map(printable);
  const more = analysis.warnings.length - warnings.length;
  if (more > 0) warnings.push(`… ${more} more: rumpus core info`);
  lines.push(...labelled('missing', warnings));
  lines.push(...labelled('repeat', analysis.reproduce));
  lines.push(...labelled('next', analysis.next));
  return lines.join('\n');
}

/** Lines under a label, which stands before the first. */
function labelled(label: string, texts: readonly string[]): string[] {
  return texts.map((text, i) => clipped((i === 0 ? label : '').padEnd(LABEL) + text, WIDTH + 60));
}

function whereLines({ title, syscall, culprit, callers }: Involved): string[] {
  const who = syscall === '' ? title : `${title}, in ${syscall}`;
  if (culprit === undefined) return labelled('who', [who]);
  const where = [frameLine(culprit)];
  if (culprit.source !== '') where.push(printable(culprit.source));
  where.push(...localLines(culprit));
  const names = callerTexts(callers).slice(0, CALLERS);
  if (names.length > 0) where.push(`called by ${names.join(', ')}`);
  return [...labelled('where', where), ...labelled('who', [who])];
}

/** The callers; one that calls itself is named once, with the number of its frames. */
function callerTexts(frames: readonly BacktraceFrame[]): string[] {
  const runs: { text: string; count: number }[] = [];
  for (const frame of frames) {
    const text = callerText(frame);
    const last = runs[runs.length - 1];
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text} ×${count}`));
}

function callerText(frame: BacktraceFrame): string {
  const { path } = frame;
  const file = placeText({ ...frame, path: path.slice(path.lastIndexOf('/') + 1) });
  return `${printable(frame.function) || '(anonymous)'} (${file.replace(/:\d+$/, '')})`;
}

/** The values in the culprit; those that its line names come first. */
function localLines({ locals, source }: BacktraceFrame): string[] {
  const named = ({ name }: BacktraceFrame['locals'][number]) => (source.includes(name) ? 0 : 1);
  const chosen = [...locals].sort((a, b) => named(a) - named(b)).slice(0, LOCALS);
  const texts = chosen.map(({ name, value }) => `${printable(name)} = ${value}`);
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.length - 1;
    const fits = last >= 0 && lines[last].length + text.length + 2 <= WIDTH - LABEL;
    if (fits) lines[last] += `, ${text}`;
    else lines.push(clipped(text, WIDTH - LABEL));
  }
  return lines;
}

function otherLine({ title, culprit }: Involved): string {
  return culprit === undefined ? title : `${title}, at ${frameLine(culprit)}`;
}

/** Each edge of the cycle, with the line where its LWP waits. */
function cycleLines({ cycle, taken, main, others }: Analysis): string[] {
  const involved = [...(main === undefined ? [] : [main]), ...others];
  const texts: string[] = [];
  for (const edge of cycle.slice(0, OTHERS)) {
    const waiter = involved.find(({ lwp }) => lwp === edge.waiter);
    const took = taken.find(({ lwp, lock }) => lwp === edge.holder && lock === edge.lock);
    const since = took === undefined ? '' : ` since icount ${grouped(took.icount)}`;
    texts.push(`${edgeText(edge)}${since}`);
    if (waiter !== undefined) texts.push(...waiterLines(waiter));
  }
  if (cycle.length > OTHERS) texts.push(`… ${cycle.length - OTHERS} more: rumpus core locks`);
  return labelled('cycle', texts);
}

function waiterLines({ culprit, syscall }: Involved): string[] {
  if (culprit === undefined) return [];
  const lines = [`  ${frameLine(culprit)}`];
  if (culprit.source !== '') lines.push(`  ${printable(culprit.source)}`);
  const [locals] = localLines(culprit);
  if (locals !== undefined) lines.push(`  ${locals}`);
  if (syscall !== '') lines.push(`  in ${syscall}`);
  return lines;
}

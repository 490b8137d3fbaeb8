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
import { describe } from '../query/values.ts';
import type { Core, CoreFrame, CoreLocal } from '../types.ts';
import { clipped, frameLine, grouped, lwpLine, placeText, timeText } from './lines.ts';
import { edgeText } from './locks.ts';

const WIDTH = 100;
const LABEL = 9;
/** Callers that are named after the culprit. */
const CALLERS = 4;
/** Sleepers and members of a cycle that are shown. */
const OTHERS = 6;
const LOCALS = 6;
const WARNINGS = 2;

export function analysisText(core: Core, analysis: Analysis): string {
  const { verdict, message, icount, virtualTimeNs, main, cycle, others } = analysis;
  const lines = [clipped(printable(message === '' ? verdict : `${verdict}: ${message}`), 300)];
  lines.push(`  at icount ${grouped(icount)}, virtual time ${timeText(virtualTimeNs)}`, '');
  if (cycle.length > 0) lines.push(...cycleLines(core, analysis));
  else {
    if (main !== undefined) lines.push(...whereLines(core, analysis, main));
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

function whereLines(core: Core, { stack }: Analysis, { lwp, culprit }: Involved): string[] {
  const who = lwp.syscall === '' ? lwpLine(lwp) : `${lwpLine(lwp)}, in ${lwp.syscall}`;
  if (culprit === undefined) return labelled('who', [who]);
  const where = [frameLine(culprit)];
  if (culprit.source !== '') where.push(printable(culprit.source));
  where.push(...localLines(core, culprit));
  const callers = callerTexts(stack.slice(1)).slice(0, CALLERS);
  if (callers.length > 0) where.push(`called by ${callers.join(', ')}`);
  return [...labelled('where', where), ...labelled('who', [who])];
}

/** The callers; one that calls itself is named once, with the number of its frames. */
function callerTexts(frames: readonly CoreFrame[]): string[] {
  const runs: { text: string; count: number }[] = [];
  for (const frame of frames) {
    const text = callerText(frame);
    const last = runs[runs.length - 1];
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text} ×${count}`));
}

function callerText(frame: CoreFrame): string {
  const { path } = frame;
  const file = placeText({ ...frame, path: path.slice(path.lastIndexOf('/') + 1) });
  return `${printable(frame.function) || '(anonymous)'} (${file.replace(/:\d+$/, '')})`;
}

/** The values in the culprit; those that its line names come first. */
function localLines(core: Core, { locals, source }: CoreFrame): string[] {
  const named = ({ name }: CoreLocal) => (source.includes(name) ? 0 : 1);
  const chosen = [...locals].sort((a, b) => named(a) - named(b)).slice(0, LOCALS);
  const texts = chosen.map(({ name, value, optimizedAway }) => {
    const text = optimizedAway ? 'undefined or optimised away' : describe(core, value);
    return `${printable(name)} = ${text}`;
  });
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.length - 1;
    const fits = last >= 0 && lines[last].length + text.length + 2 <= WIDTH - LABEL;
    if (fits) lines[last] += `, ${text}`;
    else lines.push(clipped(text, WIDTH - LABEL));
  }
  return lines;
}

function otherLine({ lwp, culprit }: Involved): string {
  const place = culprit === undefined ? '' : `, at ${frameLine(culprit)}`;
  return `${lwpLine(lwp)}${place}`;
}

/** Each edge of the cycle, with the line where its LWP waits. */
function cycleLines(core: Core, { cycle, taken, main, others }: Analysis): string[] {
  const involved = [...(main === undefined ? [] : [main]), ...others];
  const texts: string[] = [];
  for (const edge of cycle.slice(0, OTHERS)) {
    const waiter = involved.find(({ lwp }) => lwp.id === edge.waiter);
    const took = taken.find(({ lwp, lock }) => lwp === edge.holder && lock === edge.lock);
    const since = took === undefined ? '' : ` since icount ${grouped(took.icount)}`;
    texts.push(`${edgeText(edge)}${since}`);
    if (waiter?.culprit !== undefined) texts.push(...waiterLines(core, waiter, waiter.culprit));
  }
  if (cycle.length > OTHERS) texts.push(`… ${cycle.length - OTHERS} more: rumpus core locks`);
  return labelled('cycle', texts);
}

function waiterLines(core: Core, { lwp }: Involved, culprit: CoreFrame): string[] {
  const lines = [`  ${frameLine(culprit)}`];
  if (culprit.source !== '') lines.push(`  ${printable(culprit.source)}`);
  const locals = localLines(core, culprit)[0];
  if (locals !== undefined) lines.push(`  ${locals}`);
  if (lwp.syscall !== '') lines.push(`  in ${lwp.syscall}`);
  return lines;
}

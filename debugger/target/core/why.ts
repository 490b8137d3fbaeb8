/**
 * Why a system call failed, as far as a core tells by itself.
 *
 * An error that a program got is an object with its errno's origin, and if something still refers
 * to one, the statement is known. Otherwise the last events tell which call failed and when its
 * errno was made, and a re-run tells the rest.
 */

import type { Core, GraphObject } from '../../../corefiles/index.ts';
import { printable } from '../../../corefiles/index.ts';
import type { TraceEvent } from '../../../tracer/index.ts';

/** What the file says; undefined when it does not know of a failed call. */
export function whyFromFile(core: Core, events: readonly TraceEvent[]): string | undefined {
  return fromError(core) ?? fromEvents(events);
}

/** The error of the verdict's message; otherwise the one whose errno was made last. */
function fromError(core: Core): string | undefined {
  const { graph } = core;
  const ids = graph?.byType().get('SysError') ?? [];
  let best: { error: GraphObject; origin: GraphObject; rank: number } | undefined;
  for (const id of ids) {
    const error = graph?.object(id);
    const origin = graph?.deref(error?.get('origin'));
    if (error === undefined || origin === undefined) continue;
    const named = core.message.includes(text(error, 'message')) ? Number.MAX_SAFE_INTEGER / 2 : 0;
    const rank = named + number(origin, 'icount');
    if (best === undefined || rank > best.rank) best = { error, origin, rank };
  }
  if (best === undefined) return undefined;
  const { error, origin } = best;
  const code = `${text(error, 'code')} (${number(error, 'errno')})`;
  const lines = [`${text(error, 'syscall')}() failed with ${code}`];
  lines.push(`  made at icount ${number(origin, 'icount')} by LWP ${number(origin, 'lwp')}`);
  const place = graph?.deref(origin.get('position'));
  if (place !== undefined) {
    const [path, line] = [text(place, 'path'), number(place, 'lineBase1')];
    lines.push(`    ${text(place, 'function')} (${path}:${line})`);
    const source = core.sourceLine(path, line);
    if (source !== '') lines.push(`      ${source}`);
  }
  lines.push('  the way that it took out is known when the core is re-run: go back a step');
  return lines.map(printable).join('\n');
}

function fromEvents(events: readonly TraceEvent[]): string | undefined {
  const last = events.findLastIndex(
    ({ kind, args }) => kind === 'syscall:exit' && args['errno'] !== 0,
  );
  const exit = events[last];
  if (exit === undefined) return undefined;
  const { args, lwp, icount } = exit;
  const made = events
    .slice(0, last)
    .findLast((event) => event.kind === 'errno' && event.args['errno'] === args['errno']);
  const call = `${args['call']}() of LWP ${lwp} failed with errno ${args['errno']} at icount ${icount}`;
  const when = made === undefined ? '' : `, made at icount ${made.icount} by LWP ${made.lwp}`;
  const rest = 'which statement made it is known when the core is re-run: go back a step';
  return printable(`${call}${when}; ${rest}`);
}

function text(object: GraphObject, name: string): string {
  const value = object.get(name);
  return typeof value === 'string' ? value : '';
}

function number(object: GraphObject, name: string): number {
  const value = object.get(name);
  return typeof value === 'number' ? value : 0;
}

/**
 * Events as text, one a line:
 *
 *       icount   virtual time  cpu  lwp              event         what                  where
 *        1,204      12.040 µs    0  main#1           lock:acquire  lock=pipe             a.ts:12
 */

import { EVENT_NAMES } from '../../kernel/index.ts';
import { printable } from '../../corefiles/index.ts';
import type { StackFrame } from '../stack/index.ts';
import type { TraceEvent } from './decode.ts';

const KIND_WIDTH = Math.max(...EVENT_NAMES.map((name) => name.length));
const LWP_WIDTH = 16;
const ARGS_WIDTH = 36;

/** The line above the events. */
export const TRACE_HEADING = `${columns('icount', 'virtual time', 'cpu', 'lwp', 'event', 'what')}where`;

function columns(
  icount: string,
  time: string,
  cpu: string,
  lwp: string,
  kind: string,
  what: string,
): string {
  const left = `${icount.padStart(12)} ${time.padStart(16)} ${cpu.padStart(4)}  ${lwp.padEnd(LWP_WIDTH)}`;
  return `${left} ${kind.padEnd(KIND_WIDTH)}  ${what.padEnd(ARGS_WIDTH)}  `;
}

/** One event as a line; `where` is its place in the source, when it has one. */
export function formatEvent(event: TraceEvent, where?: StackFrame): string {
  const { icount, virtualTimeNs, cpu, lwpName, kind } = event;
  const time = virtualTimeNs === undefined ? '?' : timeText(virtualTimeNs);
  const place = where === undefined ? '' : `${where.function} (${where.path}:${where.lineBase1})`;
  const line = columns(
    String(icount).replace(/\B(?=(\d{3})+$)/g, ','),
    time,
    String(cpu),
    printable(lwpName),
    kind,
    printable(argsText(event)),
  );
  return (line + printable(place)).trimEnd();
}

/** One event without its place in time on the left: for a list beside other things. */
export function summarizeEvent(event: TraceEvent): string {
  const { icount, cpu, lwpName, kind } = event;
  return printable(`${icount} cpu ${cpu} ${lwpName} ${kind} ${argsText(event)}`);
}

/** Nanoseconds as seconds with all their digits: columns that can be compared. */
function timeText(ns: number): string {
  const seconds = Math.floor(ns / 1e9);
  const rest = String(Math.floor(ns % 1e9)).padStart(9, '0');
  return `${seconds}.${rest.slice(0, 3)}_${rest.slice(3, 6)}_${rest.slice(6)}`;
}

/** What an event is about, in a person's words where that is shorter than `name=value`. */
export function argsText(event: TraceEvent): string {
  const { kind, args } = event;
  switch (kind) {
    case 'syscall:enter':
      return `${args['call']}(${args['path'] === '' ? args['arg0'] : JSON.stringify(args['path'])})`;
    case 'syscall:exit':
      return `${args['call']} = ${args['errno'] === 0 ? args['result'] : `-1 errno ${args['errno']}`}`;
    case 'dprintf':
      return String(args['text']).trimEnd();
    default:
      return Object.entries(args)
        .filter(([name, value]) => value !== '' && !(name === 'op' && value === 0))
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
  }
}

/** Commands about what stops a run: breakpoints, watchpoints, and what is caught (catching.ts). */

import { printable, table } from '../../corefiles/index.ts';
import { wholeNumber } from '../run/spec.ts';
import { type BreakpointPlace, type BreakpointRequest, TargetError } from '../target/index.ts';
import { catching, exceptionLines, keeperOf } from './catching.ts';
import { chosenFrame, theFrame } from './frames.ts';
import { placeText, sourceNamed } from './source.ts';
import type {
  BreakpointKeeper,
  Call,
  CommandGroup,
  CommandResult,
  KeptBreakpoint,
} from './types.ts';

type Access = Extract<BreakpointPlace, { kind: 'data' }>['access'];

/** `PLACE [if COND] [hits N]`. */
async function breakAt(call: Call): Promise<CommandResult> {
  const keeper = keeperOf(call);
  const { place, condition, hits } = conditional(call.rest);
  const at = await placeOf(call, place);
  return added(keeper, {
    at,
    ...(condition === undefined ? {} : { condition }),
    ...(hits === undefined ? {} : { hitCondition: hits }),
  });
}

function conditional(text: string) {
  const [, beforeHits, hits] = /^(.*?)\s+hits\s+([<>=%]*\s*\d+)$/s.exec(text) ?? [];
  const rest = beforeHits ?? text;
  const [, place, condition] = /^(\S*)\s+if\s+(.+)$/s.exec(rest) ?? [];
  return { place: (place ?? rest).trim(), condition, hits };
}

/** `race.ts:12`, `12` (of this source), `mutex_enter`, `mkdir`. Errors: no such place. */
async function placeOf(call: Call, text: string): Promise<BreakpointPlace> {
  const { target } = call;
  const [, name, line, column] = /^(?:(.+?):)?(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (line !== undefined) {
    const path = name === undefined ? await pathHere(call) : await sourceNamed(target, name);
    const columnBase0 = column === undefined ? undefined : Number(column) - 1;
    const source = { kind: 'source', path, lineBase1: Number(line) } as const;
    return columnBase0 === undefined ? source : { ...source, columnBase0 };
  }
  if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(text)) return { kind: 'function', name: text };
  throw new TargetError('where? break FILE:LINE, break LINE, or break FUNCTION');
}

/** The source where the chosen frame is; before there is one, the program's. */
async function pathHere(call: Call): Promise<string> {
  if (call.stop.place.path === '') return sourceNamed(call.target, call.target.program);
  const { frames, index } = await chosenFrame(call);
  return frames[index]?.path ?? call.stop.place.path;
}

/** Sets one, or says why it cannot be: a breakpoint that never stops is of no use. */
async function added(
  keeper: BreakpointKeeper,
  request: Omit<BreakpointRequest, 'id'>,
): Promise<CommandResult> {
  const kept = await keeper.add(request);
  const { verified, message } = kept.breakpoint;
  if (verified) return { text: `${titleOf(kept)} ${keptText(kept)}` };
  await keeper.remove(kept.request.id);
  throw new TargetError(message || 'nothing can stop there');
}

function titleOf({ request: { id, at, logMessage } }: KeptBreakpoint): string {
  if (logMessage !== undefined) return `log point ${id}:`;
  return `${at.kind === 'data' ? 'watchpoint' : 'breakpoint'} ${id}:`;
}

/** Where it is, and what its place is otherwise than was asked for. */
function keptText({ request, breakpoint }: KeptBreakpoint): string {
  const { place, message } = breakpoint;
  const { at } = request;
  const where = place === null ? '' : placeText(place);
  const text =
    at.kind === 'data'
      ? (watched.get(at) ?? at.dataId)
      : at.kind === 'function'
        ? `${at.name} (${where})`
        : where;
  return printable(message === '' ? text : `${text} (${message})`);
}

/** What people typed for the data that a place names. */
const watched = new WeakMap<BreakpointPlace, string>();

function watching(access: Access) {
  return async (call: Call): Promise<CommandResult> => {
    const keeper = keeperOf(call);
    const { place, condition } = conditional(call.rest);
    if (place === '') throw new TargetError('watch what? watch vp.usecount');
    const { id } = await theFrame(call);
    const info = await call.target.dataInfo(place, undefined, id);
    if (info.dataId === null) throw new TargetError(info.description);
    const at = { kind: 'data', dataId: info.dataId, access } as const;
    watched.set(at, info.description);
    return added(keeper, { at, ...(condition === undefined ? {} : { condition }) });
  };
}

/** `log PLACE TEXT with {expressions}`. */
async function log(call: Call): Promise<CommandResult> {
  const keeper = keeperOf(call);
  const [, place, message] = /^(\S+)\s+(.+)$/s.exec(call.rest) ?? [];
  if (place === undefined) throw new TargetError("log what? log race.ts:12 'x is {x}'");
  const logMessage = message.replace(/^(["'])(.*)\1$/s, '$2');
  return added(keeper, { at: await placeOf(call, place), logMessage });
}

async function remove(call: Call): Promise<CommandResult> {
  const keeper = keeperOf(call);
  const { words } = call;
  const ids =
    words.length === 0
      ? keeper.list().map(({ request }) => request.id)
      : words.map((word) => wholeNumber('a breakpoint', word, 1, 0x7fffffff));
  for (const id of ids) {
    if (!(await keeper.remove(id))) throw new TargetError(`there is no breakpoint ${id}`);
  }
  return { text: ids.length === 0 ? 'There are no breakpoints.' : `deleted ${ids.join(', ')}` };
}

async function info(call: Call): Promise<CommandResult> {
  const [what = ''] = call.words;
  if (!'breakpoints'.startsWith(what) || what === '') {
    throw new TargetError('info takes breakpoints; for the rest: where, locals, ps, list');
  }
  const list = keeperOf(call).list();
  const lines = list.length === 0 ? ['There are no breakpoints.'] : listText(list);
  return { text: [...lines, ...exceptionLines(keeperOf(call).exceptions ?? {})].join('\n') };
}

function listText(list: readonly KeptBreakpoint[]): string[] {
  const rows = list.map((kept) => {
    const { id, condition = '', hitCondition = '', logMessage, at, access } = flat(kept);
    const kind = logMessage !== undefined ? 'log' : at === 'data' ? `watch (${access})` : 'break';
    const when = [condition && `if ${condition}`, hitCondition && `hits ${hitCondition}`];
    const more = [...when, logMessage ?? ''].filter((text) => text !== '').join(', ');
    return [String(id), kind, keptText(kept), printable(more)];
  });
  return table([['NUM', 'KIND', 'WHERE', 'WHEN'], ...rows]);
}

function flat({ request }: KeptBreakpoint) {
  const { at, ...rest } = request;
  return { ...rest, at: at.kind, access: at.kind === 'data' ? at.access : '' };
}

export const STOPPING: CommandGroup = {
  title: 'What stops a run',
  commands: [
    {
      name: 'break',
      aliases: ['b'],
      usage: 'break PLACE [if COND] [hits N]',
      summary: 'stop at FILE:LINE, LINE, a function or a system call',
      details: [
        '  break race.ts:12 if $lwp == 3',
        '  break tmpfs_lookup if cnp.name == "a"',
        '  break mkdir hits 5',
        'Known besides the variables of the frame: $lwp, $cpu, $pid, $kernel, $icount.',
      ].join('\n'),
      when: 'always',
      run: breakAt,
    },
    {
      name: 'watch',
      usage: 'watch EXPR [if COND]',
      summary: 'stop when a field changes (rwatch: is read, awatch: either)',
      run: watching('change'),
    },
    {
      name: 'rwatch',
      usage: 'rwatch EXPR',
      summary: 'stop when it is read',
      run: watching('read'),
    },
    {
      name: 'awatch',
      usage: 'awatch EXPR',
      summary: 'stop when it is read or written',
      run: watching('readWrite'),
    },
    {
      name: 'log',
      usage: 'log PLACE TEXT',
      summary: 'print instead of stopping; {x} is replaced by its value',
      when: 'always',
      run: log,
    },
    {
      name: 'catch',
      usage: 'catch errno|throw|verdict [NAME…]',
      summary: 'stop when an errno is made, or at a throw; catch off',
      when: 'always',
      run: catching,
    },
    {
      name: 'delete',
      aliases: ['d'],
      usage: 'delete [N…]',
      summary: 'take breakpoints away, or all',
      when: 'always',
      run: remove,
    },
    {
      name: 'info',
      aliases: ['i'],
      usage: 'info breakpoints',
      summary: 'the breakpoints, and what is caught',
      when: 'always',
      run: info,
    },
  ],
};

/**
 * Exceptions: verdicts, errnos that are made, and throws. Which of them stop a run comes from the
 * filters that are ticked, or from exceptionOptions, a tree of three branches:
 *
 *   [{ path: [{ names: ['verdict'] }, { names: ['panic', 'trap'] }], breakMode: 'always' },
 *    { path: [{ names: ['errno'] }, { names: ['EINVAL'] }], breakMode: 'always' }]
 */

import type { DebugProtocol } from '@vscode/debugprotocol';
import * as kernel from '../../kernel/index.ts';
import type { ExceptionRequest, FrameInfo, Stop, StopReason } from '../target/index.ts';
import { type Arguments, maybeFlag, maybeText, maybeTexts, maybeWord, records } from './args.ts';
import { DapError } from './errors.ts';
import { ERRNO_FILTER, FAILURES, THROW_FILTER } from './filters.ts';
import type { Answer, Requests, Session } from './session.ts';

/** Errnos by name, as errno(2) has them. */
const ERRNOS: readonly string[] = Object.entries(kernel)
  .filter(([, value]) => value instanceof kernel.Errno)
  .map(([name]) => name);

type Throws = NonNullable<ExceptionRequest['throws']>;

/** What is collected of filters and options. */
class Wanted {
  readonly verdicts = new Set<string>();
  readonly errnos = new Set<string>();
  throws: Throws = 'never';

  request(): ExceptionRequest {
    const { verdicts, errnos, throws } = this;
    return { verdicts: [...verdicts], errnos: errnos.has('all') ? 'all' : [...errnos], throws };
  }
}

export class ExceptionChoice {
  #chosen: ExceptionRequest = { verdicts: FAILURES };

  choose(chosen: ExceptionRequest): void {
    this.#chosen = chosen;
  }

  /** Tells a target; the configuration may want that nothing stops at a verdict. */
  async apply(session: Session): Promise<void> {
    const { configuration, target } = session;
    if (configuration?.noDebug === true) return target.setExceptions({ verdicts: [] });
    const verdicts = configuration?.stopOnVerdict === false ? [] : this.#chosen.verdicts;
    await target.setExceptions({ ...this.#chosen, verdicts });
  }
}

async function setExceptionBreakpoints(session: Session, args: Arguments): Promise<object> {
  const wanted = new Wanted();
  const breakpoints = [
    ...(maybeTexts(args, 'filters') ?? []).map((filter) => addFilter(wanted, filter, '')),
    ...records(args, 'filterOptions').map((option) => {
      const condition = maybeText(option, 'condition')?.trim() ?? '';
      return addFilter(wanted, maybeText(option, 'filterId') ?? '', condition);
    }),
    ...records(args, 'exceptionOptions').map((option) => addOption(wanted, option)),
  ];
  session.exceptions.choose(wanted.request());
  await session.mover.whileStanding(() => session.exceptions.apply(session));
  return { breakpoints };
}

type Answered = Pick<DebugProtocol.Breakpoint, 'verified' | 'message'>;

/** Adds what a filter means; gives whether it means anything. */
function addFilter(wanted: Wanted, filter: string, condition: string): Answered {
  if (filter === ERRNO_FILTER) return addErrnos(wanted, condition);
  if (filter === THROW_FILTER) return addThrows(wanted, condition);
  if (!FAILURES.includes(filter)) return refused(`There is no filter '${filter}'.`);
  if (condition !== '') return refused(`The filter '${filter}' takes no condition.`);
  wanted.verdicts.add(filter);
  return { verified: true };
}

function refused(message: string): Answered {
  return { verified: false, message };
}

/** `EINVAL, ENOENT`; nothing or `all` means all. */
function addErrnos(wanted: Wanted, condition: string): Answered {
  const names = condition.split(/[\s,|]+/).filter((name) => name !== '');
  const all = names.length === 0 || names.includes('all');
  const unknown = names.find((name) => name !== 'all' && !ERRNOS.includes(name));
  if (unknown !== undefined) return refused(`There is no errno '${unknown}'.`);
  for (const name of all ? ['all'] : names) wanted.errnos.add(name);
  return { verified: true };
}

function addThrows(wanted: Wanted, condition: string): Answered {
  if (condition !== '' && condition !== 'kernel' && condition !== 'all') {
    return refused(`The condition of a throw is 'kernel' or 'all', not '${condition}'.`);
  }
  if (wanted.throws !== 'all') wanted.throws = condition === 'all' ? 'all' : 'kernel';
  return { verified: true };
}

const MODES = ['never', 'always', 'unhandled', 'userUnhandled'] as const;

function addOption(wanted: Wanted, option: Arguments): Answered {
  const mode = maybeWord(option, 'breakMode', MODES) ?? 'always';
  if (mode === 'never') return { verified: true };
  const [branches, leaves] = records(option, 'path').map(segmentOf);
  const names = ['verdict', ERRNO_FILTER, THROW_FILTER];
  const chosen = branches === undefined ? names : matching(names, branches);
  if (chosen.length === 0) return refused(`The branches are ${names.join(', ')}.`);
  if (chosen.includes('verdict')) {
    for (const name of matching(FAILURES, leaves)) wanted.verdicts.add(name);
  }
  if (chosen.includes(ERRNO_FILTER)) {
    const errnos = leaves === undefined ? ['all'] : matching(ERRNOS, leaves);
    for (const name of errnos) wanted.errnos.add(name);
  }
  if (chosen.includes(THROW_FILTER)) addThrows(wanted, leaves?.names.includes('all') ? 'all' : '');
  return { verified: true };
}

interface Segment {
  readonly names: readonly string[];
  readonly negate: boolean;
}

function segmentOf(args: Arguments): Segment {
  return { names: maybeTexts(args, 'names') ?? [], negate: maybeFlag(args, 'negate') ?? false };
}

/** The names that a segment of a path selects; all without one. */
function matching(all: readonly string[], segment: Segment | undefined): readonly string[] {
  if (segment === undefined) return all;
  return all.filter((name) => segment.names.includes(name) !== segment.negate);
}

const EXCEPTIONAL: readonly StopReason[] = ['verdict', 'errno', 'throw', 'end'];

async function exceptionInfo(session: Session, args: Arguments): Promise<Answer> {
  const lwp = await session.threads.lwp(session, args);
  const { stop } = session.target;
  const exceptional = stop !== null && EXCEPTIONAL.includes(stop.reason);
  if (!exceptional || stop.outcome?.verdict === 'passed' || stop.lwp !== lwp) {
    throw new DapError('order', `LWP ${lwp} stands at no exception.`);
  }
  const exceptionId = exceptionName(stop);
  const message = stop.outcome?.message || stop.description;
  const stack = await session.registry.stack(session.target, lwp).catch(() => []);
  const origin = await errnoOrigin(session, stop);
  return {
    exceptionId,
    description: message,
    breakMode: stop.reason === 'verdict' ? 'unhandled' : 'always',
    details: {
      message,
      typeName: exceptionId,
      stackTrace: stack.map(frameText).join('\n'),
      ...(origin === '' ? {} : { innerException: [{ typeName: 'errno', message: origin }] }),
    },
  };
}

/** `panic`, `EINVAL`, `TypeError`. */
function exceptionName({ reason, outcome, description }: Stop): string {
  return outcome?.verdict ?? /^[A-Za-z_]\w*/.exec(description)?.[0] ?? reason;
}

function frameText({ function: name, path, lineBase1 }: FrameInfo): string {
  return `${name} (${path}:${lineBase1})`;
}

/** Where the errno came from that the program did not expect; '' when none did. */
async function errnoOrigin(session: Session, { reason, outcome }: Stop): Promise<string> {
  if (reason !== 'errno' && outcome?.verdict !== 'program-error') return '';
  return session.target.why().catch(() => '');
}

export const exceptionRequests: Requests = {
  setExceptionBreakpoints: { when: 'open', handle: setExceptionBreakpoints },
  exceptionInfo: { when: 'stopped', handle: exceptionInfo },
};

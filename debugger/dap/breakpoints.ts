/**
 * Breakpoints on lines and functions. A client replaces those of one file, or of one kind, at
 * a time; the target gets all of them together. They survive restarts.
 */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointKeeper, KeptBreakpoint } from '../console/index.ts';
import type { Breakpoint, BreakpointPlace, BreakpointRequest } from '../target/index.ts';
import {
  type Arguments,
  argumentsOf,
  maybeNumber,
  maybeText,
  records,
  text,
  wholeNumber,
} from './args.ts';
import type { Requests, Session } from './session.ts';

/** Keys of those that stand in no source. */
const FUNCTIONS = '(functions)';
const CONSOLE = '(console)';
export const DATA = '(data)';

const UNKNOWN = { verified: false, place: null, message: 'The target has not taken it.' };

export class BreakpointList {
  #next = 1;
  readonly #groups = new Map<string, readonly BreakpointRequest[]>();
  /** What became of each. */
  readonly #known = new Map<number, Breakpoint>();
  /** What the client was last told of each. */
  readonly #told = new Map<number, string>();

  /** Numbers a request. The same place keeps its number, so that its hits stay its own. */
  number(key: string, wish: Omit<BreakpointRequest, 'id'>): BreakpointRequest {
    const text = JSON.stringify(wish);
    const same = this.#groups.get(key)?.find(({ id, ...rest }) => JSON.stringify(rest) === text);
    return same ?? { id: this.#next++, ...wish };
  }

  /** Replaces a group, and gives what became of its members. */
  async replace(
    session: Session,
    key: string,
    requests: readonly BreakpointRequest[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    this.#groups.set(key, requests);
    const all = await session.mover.whileStanding(() => this.#apply(session));
    return requests.map(({ id }) => this.#answer(session, id, all));
  }

  /** Gives all to a new target, and tells the client what has become otherwise. */
  async restore(session: Session): Promise<void> {
    for (const breakpoint of await this.#apply(session)) this.changed(session, breakpoint);
  }

  /** One place only, for a move to it; restore() brings the others back. */
  async only(session: Session, at: BreakpointPlace): Promise<void> {
    await session.target.setBreakpoints([{ id: this.#next++, at }]);
  }

  /** For the console, whose request has the target alone. */
  keeper(session: Session): BreakpointKeeper {
    return {
      list: () => [...this.#groups.values()].flat().map((request) => this.#kept(request)),
      add: (wish) => this.#add(session, wish),
      remove: (id) => this.#remove(session, id),
      setExceptions: (request) => {
        session.exceptions.choose(request);
        return session.exceptions.apply(session);
      },
    };
  }

  #kept(request: BreakpointRequest): KeptBreakpoint {
    const { id } = request;
    return { request, breakpoint: this.#known.get(id) ?? { id, ...UNKNOWN } };
  }

  /** One on a line joins those of its file, so that the editor's next list replaces it. */
  async #add(session: Session, wish: Omit<BreakpointRequest, 'id'>): Promise<KeptBreakpoint> {
    const key = wish.at.kind === 'source' ? session.sources.pathOf(wish.at) : CONSOLE;
    const request = this.number(key, wish);
    const others = (this.#groups.get(key) ?? []).filter(({ id }) => id !== request.id);
    this.#groups.set(key, [...others, request]);
    const breakpoint = this.#answer(session, request.id, await this.#apply(session));
    session.tell('breakpoint', { reason: 'new', breakpoint });
    return this.#kept(request);
  }

  async #remove(session: Session, id: number): Promise<boolean> {
    const found = [...this.#groups].find(([, group]) => group.some((one) => one.id === id));
    if (found === undefined) return false;
    const [key, group] = found;
    this.#groups.set(
      key,
      group.filter((one) => one.id !== id),
    );
    await this.#apply(session);
    session.tell('breakpoint', { reason: 'removed', breakpoint: { id, verified: false } });
    return true;
  }

  /** Whether the client has heard of a breakpoint. */
  isKnown(id: number): boolean {
    return this.#told.has(id);
  }

  /** The target found out more about a breakpoint. */
  changed(session: Session, breakpoint: Breakpoint): void {
    this.#known.set(breakpoint.id, breakpoint);
    const told = breakpointOf(session, breakpoint);
    const text = JSON.stringify(told);
    const known = this.#told.get(breakpoint.id);
    if (known === undefined || known === text) return;
    this.#told.set(breakpoint.id, text);
    session.tell('breakpoint', { reason: 'changed', breakpoint: told });
  }

  #apply(session: Session): Promise<readonly Breakpoint[]> {
    if (session.configuration?.noDebug === true) return session.target.setBreakpoints([]);
    return session.target.setBreakpoints([...this.#groups.values()].flat());
  }

  #answer(session: Session, id: number, all: readonly Breakpoint[]): DebugProtocol.Breakpoint {
    const breakpoint = all.find((one) => one.id === id) ?? { id, ...UNKNOWN };
    this.#known.set(id, breakpoint);
    const told = breakpointOf(session, breakpoint);
    this.#told.set(id, JSON.stringify(told));
    return told;
  }
}

function breakpointOf(session: Session, breakpoint: Breakpoint): DebugProtocol.Breakpoint {
  const { id, verified, place, message } = breakpoint;
  return {
    id,
    verified,
    ...(message === '' ? {} : { message }),
    ...(verified ? {} : { reason: 'failed' as const }),
    ...(place === null || place.path === '' ? {} : session.sources.place(session, place)),
  };
}

/** Condition, hit count and log message; empty ones count for nothing. */
export function extrasOf(args: Arguments): Omit<BreakpointRequest, 'id' | 'at'> {
  const condition = maybeText(args, 'condition')?.trim();
  const hitCondition = maybeText(args, 'hitCondition')?.trim();
  const logMessage = maybeText(args, 'logMessage');
  return {
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
    ...(logMessage ? { logMessage } : {}),
  };
}

async function setBreakpoints(session: Session, args: Arguments): Promise<object> {
  const { client, breakpoints } = session;
  const path = session.sources.pathOf(argumentsOf(args['source']));
  const given = args['breakpoints'] === undefined ? linesOf(args) : records(args, 'breakpoints');
  const requests = given.map((one) => {
    const column = maybeNumber(one, 'column');
    const at = {
      kind: 'source',
      path,
      lineBase1: client.lineBase1(wholeNumber(one, 'line')),
      ...(column === undefined ? {} : { columnBase0: client.columnBase0(column) }),
    } as const;
    return breakpoints.number(path, { at, ...extrasOf(one) });
  });
  return { breakpoints: await breakpoints.replace(session, path, requests) };
}

/** The older form of the request: bare lines. */
function linesOf(args: Arguments): Arguments[] {
  const { lines } = args;
  return Array.isArray(lines) ? lines.map((line: unknown) => ({ line })) : [];
}

async function setFunctionBreakpoints(session: Session, args: Arguments): Promise<object> {
  const { breakpoints } = session;
  const requests = records(args, 'breakpoints').map((one) => {
    const at = { kind: 'function', name: text(one, 'name') } as const;
    return breakpoints.number(FUNCTIONS, { at, ...extrasOf(one) });
  });
  return { breakpoints: await breakpoints.replace(session, FUNCTIONS, requests) };
}

async function breakpointLocations(session: Session, args: Arguments): Promise<object> {
  const { client, sources, target } = session;
  const path = sources.pathOf(argumentsOf(args['source']));
  const from = client.lineBase1(wholeNumber(args, 'line'));
  const to = client.lineBase1(maybeNumber(args, 'endLine') ?? wholeNumber(args, 'line'));
  const places = await target.breakpointPlaces(path, from, to);
  const breakpoints = places.map(({ lineBase1, columnBase0 }) => ({
    line: client.line(lineBase1),
    column: client.column(columnBase0),
  }));
  return { breakpoints };
}

export const breakpointRequests: Requests = {
  setBreakpoints: { when: 'open', handle: setBreakpoints },
  setFunctionBreakpoints: { when: 'open', handle: setFunctionBreakpoints },
  breakpointLocations: { when: 'open', handle: breakpointLocations },
};

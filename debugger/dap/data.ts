/**
 * Data breakpoints: on a field of an object, a variable, an entry of a map.
 *
 * Access  `read`, `write` (also of the same value), `readWrite`, and `change`, which the protocol
 *         does not have. VS Code calls its `write` "Break on Value Change", so it gets `change`.
 */

import type { BreakpointPlace } from '../target/index.ts';
import { type Arguments, maybeNumber, maybeWord, records, text } from './args.ts';
import { DATA, extrasOf } from './breakpoints.ts';
import { DapError } from './errors.ts';
import type { Requests, Session } from './session.ts';

type Access = Extract<BreakpointPlace, { kind: 'data' }>['access'];

const ACCESSES: readonly Access[] = ['read', 'write', 'readWrite', 'change'];

/** What a request means by a name: in a value, in a frame, or globally. */
export async function dataInfoOf(session: Session, args: Arguments) {
  const { target, registry } = session;
  const name = text(args, 'name');
  const reference = maybeNumber(args, 'variablesReference') ?? 0;
  const handle = reference === 0 ? undefined : registry.handle(reference);
  const id = maybeNumber(args, 'frameId');
  const frame = id === undefined ? undefined : await registry.frame(target, id);
  return target.dataInfo(name, handle, frame?.id);
}

async function dataBreakpointInfo(session: Session, args: Arguments): Promise<object> {
  const { dataBreakpoints, reason } = session.target.capabilities();
  if (!dataBreakpoints) {
    return { dataId: null, description: reason || 'Nothing can be watched here.' };
  }
  const { dataId, description, accesses } = await dataInfoOf(session, args);
  return { dataId, description, accessTypes: accesses, canPersist: false };
}

async function setDataBreakpoints(session: Session, args: Arguments): Promise<object> {
  const { dataBreakpoints, reason } = session.target.capabilities();
  const wanted = records(args, 'breakpoints');
  if (!dataBreakpoints && wanted.length > 0) {
    throw new DapError('target', reason || 'Nothing can be watched here.');
  }
  const { breakpoints } = session;
  const requests = wanted.map((one) => {
    const at = {
      kind: 'data',
      dataId: text(one, 'dataId'),
      access: accessOf(session, one),
    } as const;
    return breakpoints.number(DATA, { at, ...extrasOf(one) });
  });
  return { breakpoints: await breakpoints.replace(session, DATA, requests) };
}

function accessOf(session: Session, one: Arguments): Access {
  const access = maybeWord(one, 'accessType', ACCESSES) ?? 'write';
  return access === 'write' && session.client.id === 'vscode' ? 'change' : access;
}

export const dataRequests: Requests = {
  dataBreakpointInfo: { when: 'stopped', handle: dataBreakpointInfo },
  setDataBreakpoints: { when: 'open', handle: setDataBreakpoints },
};

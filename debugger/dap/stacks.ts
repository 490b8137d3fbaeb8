/** Stacks of LWPs, running or asleep, in pages; and the scopes of a frame. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { FrameInfo, Scope } from '../target/index.ts';
import { type Arguments, maybeNumber, wholeNumber } from './args.ts';
import type { Requests, Session } from './session.ts';

async function stackTrace(session: Session, args: Arguments): Promise<object> {
  const lwp = await session.threads.lwp(session, args);
  const frames = await session.registry.stack(session.target, lwp);
  const start = maybeNumber(args, 'startFrame') ?? 0;
  const levels = maybeNumber(args, 'levels') ?? 0;
  const page = frames.slice(start, levels === 0 ? undefined : start + levels);
  const stackFrames = page.map((frame, at) => frameOf(session, frame, start + at));
  return { stackFrames, totalFrames: frames.length };
}

function frameOf(session: Session, frame: FrameInfo, index: number): DebugProtocol.StackFrame {
  const known = frame.path !== '';
  const where = known ? session.sources.place(session, frame) : { line: 0, column: 0 };
  return {
    id: session.registry.frameId(frame.lwp, index),
    name: frame.function,
    ...where,
    moduleId: frame.module === '' ? undefined : frame.module,
    canRestart: session.target.capabilities().backwards,
    ...(frame.subtle ? { presentationHint: 'subtle' } : {}),
  };
}

async function scopes(session: Session, args: Arguments): Promise<object> {
  const frame = await session.registry.frame(session.target, wholeNumber(args, 'frameId'));
  const list = await session.target.scopes(frame.id);
  return { scopes: list.map((scope) => scopeOf(session, scope)) };
}

function scopeOf(session: Session, scope: Scope): DebugProtocol.Scope {
  const { name, hint, handle, named, indexed, expensive } = scope;
  return {
    name,
    variablesReference: session.registry.reference(handle),
    expensive,
    ...(hint === 'other' ? {} : { presentationHint: hint }),
    ...counts(named, indexed),
  };
}

/** How many there are inside, where a client can use it to page. */
export function counts(named: number, indexed: number): object {
  return {
    ...(named > 0 ? { namedVariables: named } : {}),
    ...(indexed > 0 ? { indexedVariables: indexed } : {}),
  };
}

export const stackRequests: Requests = {
  stackTrace: { when: 'stopped', handle: stackTrace },
  scopes: { when: 'stopped', handle: scopes },
};

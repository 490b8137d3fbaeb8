/**
 * The debugger's own commands (`ps`, `bt`, `show all locks`, `goto 1204`…) in the debug console and
 * by `rumpus/console`: the same as in `rumpus debug`, from debugger/console.
 */

import { type Arguments, maybeNumber, text } from './args.ts';
import { arrived } from './arrival.ts';
import { DapError } from './errors.ts';
import { runCommand } from './commands.ts';
import type { Answer, Requests, Session } from './session.ts';

export interface ConsoleContext {
  readonly lwp?: number;
  readonly frame?: number;
}

/** What a line says as a command; undefined when it is none. A command may move the target. */
export async function runConsole(
  session: Session,
  line: string,
  context: ConsoleContext,
): Promise<string | undefined> {
  const result = await runCommand(session.target, line, context);
  if (result?.stop !== undefined) {
    session.registry.clear();
    const { stop } = result;
    const motion = { kind: 'goto', icount: stop.icount } as const;
    // The client hears of it after the answer, and asks then: the console has the target until then.
    setImmediate(() => void arrived(session, stop, [motion]));
  }
  return result?.text;
}

async function consoleLine(session: Session, args: Arguments): Promise<Answer> {
  const line = text(args, 'line');
  const id = maybeNumber(args, 'frameId');
  const frame = id === undefined ? undefined : await session.registry.frame(session.target, id);
  const said = await runConsole(session, line, { lwp: frame?.lwp, frame: frame?.id });
  if (said !== undefined) return { text: said };
  throw new DapError('argument', `There is no command '${line.trim().split(/\s/)[0]}': try help.`);
}

export const consoleRequests: Requests = {
  'rumpus/console': { when: 'alone', handle: consoleLine },
};

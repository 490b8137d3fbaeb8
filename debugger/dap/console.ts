/**
 * The debugger's own commands (`ps`, `bt`, `show all locks`, `goto 1204`…) in the debug console and
 * by `rumpus/console`: the same as in `rumpus debug`, from debugger/console.
 *
 * A command that moves the target has it as every move has (mover.ts); the client hears where it
 * got once the answer is on its way. Breakpoints of the console join those of the editor.
 */

import { type ConsoleContext, runCommand, type Selection } from '../console/index.ts';
import type { Motion } from '../target/index.ts';
import { type Arguments, maybeNumber, text } from './args.ts';
import { arrived } from './arrival.ts';
import { DapError } from './errors.ts';
import type { Answer, Call, Requests, Session } from './session.ts';

/** What a line says as a command; undefined when it is none. The caller has the target alone. */
export async function runConsole(
  session: Session,
  line: string,
  call: Call,
  chosen: Partial<Selection> & Pick<ConsoleContext, 'expressions'>,
): Promise<string | undefined> {
  const context: ConsoleContext = {
    ...chosen,
    breakpoints: session.breakpoints.keeper(session),
    move: (motion) => move(session, motion, call),
  };
  return (await runCommand(session.target, line, context))?.text;
}

async function move(session: Session, motion: Motion, call: Call) {
  const stop = await session.mover.within(motion, call);
  call.afterwards(() => arrived(session, stop, [motion]));
  return stop;
}

async function consoleLine(session: Session, args: Arguments, call: Call): Promise<Answer> {
  const line = text(args, 'line');
  const id = maybeNumber(args, 'frameId');
  const frame = id === undefined ? undefined : await session.registry.frame(session.target, id);
  const said = await runConsole(session, line, call, { lwp: frame?.lwp, frame: frame?.id });
  if (said !== undefined) return { text: said };
  throw new DapError('argument', `There is no command '${line.trim().split(/\s/)[0]}': try help.`);
}

export const consoleRequests: Requests = {
  'rumpus/console': { when: 'alone', handle: consoleLine },
};

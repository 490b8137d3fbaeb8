/** `rumpus core ddb`: the debugger on a core that is not to be run again. */

import { InputError, openTarget } from '../../debugger/index.ts';
import { EXIT_FINE } from '../exit.ts';
import { runPrompt } from './prompt.ts';
import { runScript, stdinLines } from './script.ts';
import { DebugSession } from './session.ts';

/** Answers one command; without one, asks for them. Gives the exit status. */
export async function askCore(file: string, command: string): Promise<number> {
  const rerun = new InputError(`rumpus core runs nothing: rumpus debug ${file} goes back`);
  const target = await openTarget({ kind: 'core', file, rerun });
  const session = new DebugSession(target);
  try {
    if (command !== '') await session.line(command);
    else if (process.stdin.isTTY === true) return await runPrompt(session);
    else await runScript(session, stdinLines());
    return EXIT_FINE;
  } finally {
    await target.close();
  }
}

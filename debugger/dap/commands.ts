/** Where the debugger's console commands come from. */

import type { Stop, Target } from '../target/index.ts';
import type { ConsoleContext } from './console.ts';

export interface CommandResult {
  readonly text: string;
  readonly stop?: Stop;
}

/** What a line says as a command; undefined when it is none. */
export async function runCommand(
  _target: Target,
  _line: string,
  _context: ConsoleContext,
): Promise<CommandResult | undefined> {
  return undefined;
}

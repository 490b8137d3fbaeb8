/** Console commands in the manner of ddb(4) and crash(8), over any target. */

export { type CommandCompletions, completeCommand } from './complete.ts';
export { OwnBreakpoints } from './keeper.ts';
export { runCommand } from './run.ts';
export type {
  BreakpointKeeper,
  CommandResult,
  ConsoleContext,
  KeptBreakpoint,
  Selection,
} from './types.ts';
export { stopText } from './where.ts';

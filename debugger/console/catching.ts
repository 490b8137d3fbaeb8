/** `catch`: errnos, throws and verdicts that stop a run. */

import { type ExceptionRequest, TargetError } from '../target/index.ts';
import type { BreakpointKeeper, Call, CommandResult } from './types.ts';

/** Who keeps the breakpoints. Errors: nobody does, in this console. */
export function keeperOf({ context }: Pick<Call, 'context'>): BreakpointKeeper {
  if (context.breakpoints !== undefined) return context.breakpoints;
  throw new TargetError('breakpoints are set in the editor here, not in the console');
}

/** What is caught, as the commands that catch it. */
export function exceptionLines({ verdicts, errnos, throws }: ExceptionRequest): string[] {
  const lines: string[] = [];
  if (errnos !== undefined && errnos.length > 0) {
    lines.push(`catch errno ${errnos === 'all' ? errnos : errnos.join(' ')}`);
  }
  if (throws !== undefined && throws !== 'never') lines.push(`catch throw ${throws}`);
  if (verdicts !== undefined) lines.push(`catch verdict ${verdicts.join(' ')}`);
  return lines;
}

/** `catch errno EINVAL ENOENT`, `catch throw all`, `catch verdict panic`, `catch off`. */
export async function catching(call: Call): Promise<CommandResult> {
  const keeper = keeperOf(call);
  const [kind = '', ...what] = call.words;
  if (kind === '') return { text: caughtText(keeper.exceptions ?? {}) };
  const request = exceptionsFor(keeper.exceptions ?? {}, kind, what);
  if (request === undefined) {
    throw new TargetError('catch takes errno NAME…, throw [kernel|all], verdict NAME…, or off');
  }
  await keeper.setExceptions(request);
  return { text: caughtText(request) };
}

function caughtText(request: ExceptionRequest): string {
  return exceptionLines(request).join('\n') || 'Failures stop a run; nothing else is caught.';
}

function exceptionsFor(
  now: ExceptionRequest,
  kind: string,
  what: readonly string[],
): ExceptionRequest | undefined {
  const all = what.length === 0 || what[0] === 'all';
  if (kind === 'off') return {};
  if (kind === 'errno') return { ...now, errnos: all ? 'all' : what };
  if (kind === 'verdict' && what.length > 0) return { ...now, verdicts: what };
  if (kind !== 'throw') return undefined;
  if (!all && what[0] !== 'kernel') return undefined;
  return { ...now, throws: what[0] === 'all' ? 'all' : 'kernel' };
}

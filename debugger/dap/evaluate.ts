/**
 * Evaluation. Hover, watch, variables and clipboard look only: an expression that would change
 * something is refused. The debug console takes the debugger's own commands first (console.ts), and
 * then any expression.
 */

import type { Completion, Variable } from '../target/index.ts';
import { type Arguments, maybeNumber, maybeText, text, wholeNumber } from './args.ts';
import { runConsole } from './console.ts';
import type { Call, Requests, Session } from './session.ts';
import { valueFields } from './variables.ts';
import { wrote } from './writes.ts';

/** Host time for an expression, ms: what nobody typed may take less. */
const LOOK_MS = 1000;
const CONSOLE_MS = 10_000;

async function evaluate(session: Session, args: Arguments, call: Call): Promise<object> {
  const expression = text(args, 'expression');
  const id = maybeNumber(args, 'frameId');
  const frame = id === undefined ? undefined : await session.registry.frame(session.target, id);
  if (maybeText(args, 'context') !== 'repl') {
    const sideEffects = 'refused';
    const options = { frame: frame?.id, sideEffects, timeoutMs: LOOK_MS } as const;
    return resultOf(session, await session.target.evaluate(expression, options));
  }
  const chosen = { lwp: frame?.lwp, frame: frame?.id, expressions: 'too' } as const;
  const said = await runConsole(session, expression, call, chosen);
  if (said !== undefined) return { result: said, variablesReference: 0 };
  const options = { frame: frame?.id, sideEffects: 'allowed', timeoutMs: CONSOLE_MS } as const;
  const variable = await session.target.evaluate(expression, options);
  wrote(session);
  return resultOf(session, variable);
}

function resultOf(session: Session, variable: Variable): object {
  const { value, ...rest } = valueFields(session, variable);
  return { result: value, ...rest };
}

async function completions(session: Session, args: Arguments): Promise<object> {
  const { client, target, registry } = session;
  const lines = text(args, 'text').split('\n');
  const at = client.lineBase1(maybeNumber(args, 'line') ?? client.line(1)) - 1;
  const line = lines[at] ?? '';
  const column = Math.min(line.length, client.columnBase0(wholeNumber(args, 'column')));
  const id = maybeNumber(args, 'frameId');
  const frame = id === undefined ? undefined : await registry.frame(target, id);
  const found = await target.completions(line, column, frame?.id);
  // What stands before the cursor of the word is replaced.
  const typed = /[\w$]*$/.exec(line.slice(0, column))?.[0].length ?? 0;
  const start = client.column(column - typed);
  return { targets: found.map((one) => ({ ...itemOf(one), start, length: typed })) };
}

function itemOf({ label, type }: Completion): object {
  return { label, type };
}

/** The console may move the target or write to it: nobody else may look meanwhile. */
export const evaluateRequests: Requests = {
  evaluate: { when: 'alone', handle: evaluate },
  completions: { when: 'stopped', handle: completions },
};

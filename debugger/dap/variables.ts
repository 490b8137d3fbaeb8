/** Variables in pages, and writing them. A write in the past starts a diversion, which is said. */

import type { Page, Variable } from '../target/index.ts';
import { type Arguments, maybeNumber, maybeWord, text, wholeNumber } from './args.ts';
import { DapError } from './errors.ts';
import type { Requests, Session } from './session.ts';
import { counts } from './stacks.ts';
import { wrote } from './writes.ts';

async function variables(session: Session, args: Arguments): Promise<object> {
  const handle = session.registry.handle(wholeNumber(args, 'variablesReference'));
  const list = await session.target.variables(handle, pageOf(args));
  return { variables: list.map((variable) => variableOf(session, variable)) };
}

function pageOf(args: Arguments): Page {
  const count = maybeNumber(args, 'count') ?? 0;
  return {
    filter: maybeWord(args, 'filter', ['indexed', 'named']),
    start: maybeNumber(args, 'start'),
    count: count === 0 ? undefined : count,
  };
}

/** A variable among others. */
function variableOf(session: Session, variable: Variable): object {
  const { name, evaluateName, writable } = variable;
  return {
    name,
    ...valueFields(session, variable),
    ...(evaluateName === '' ? {} : { evaluateName }),
    ...(writable ? {} : { presentationHint: { attributes: ['readOnly'] } }),
  };
}

/** What all answers say of a value; the key of its text differs: `value` or `result`. */
export function valueFields(session: Session, variable: Variable) {
  const { type, handle, named, indexed, memory, optimizedAway } = variable;
  const dropped = optimizedAway && variable.value === 'undefined';
  const value = dropped ? 'undefined (may be optimised away)' : variable.value;
  return {
    value,
    ...(session.client.supports('supportsVariableType') && type !== '' ? { type } : {}),
    variablesReference: session.registry.reference(handle),
    ...counts(named, indexed),
    ...(memory === '' ? {} : { memoryReference: memory }),
  };
}

/** Refuses a write where the target cannot. */
export function checkWrites(session: Session): void {
  const { writes, reason } = session.target.capabilities();
  if (!writes) throw new DapError('target', reason || 'Nothing can be written here.');
}

async function setVariable(session: Session, args: Arguments): Promise<object> {
  checkWrites(session);
  const handle = session.registry.handle(wholeNumber(args, 'variablesReference'));
  const [name, value] = [text(args, 'name'), text(args, 'value')];
  const variable = await session.target.setVariable(handle, name, value);
  wrote(session);
  return valueFields(session, variable);
}

async function setExpression(session: Session, args: Arguments): Promise<object> {
  checkWrites(session);
  const [expression, value] = [text(args, 'expression'), text(args, 'value')];
  const id = maybeNumber(args, 'frameId');
  const frame = id === undefined ? undefined : await session.registry.frame(session.target, id);
  const variable = await session.target.setExpression(expression, value, frame?.id);
  wrote(session);
  return valueFields(session, variable);
}

export const variableRequests: Requests = {
  variables: { when: 'stopped', handle: variables },
  setVariable: { when: 'alone', handle: setVariable },
  setExpression: { when: 'alone', handle: setExpression },
};

/**
 * runCommand: a line, as the command that it names.
 *
 * A command is known by its name, an alias, or a beginning of its name that no other has.
 */

import { CoreFileError } from '../../corefiles/index.ts';
import { InputError } from '../errors.ts';
import { type Stop, type Target, TargetError } from '../target/index.ts';
import { commandNamed } from './commands.ts';
import { readsAsExpression, type Spoken, spoken } from './line.ts';
import type { Command, CommandResult, ConsoleContext } from './types.ts';

/** Carries out a line; undefined when it is no command. Errors: TargetError, one sentence. */
export async function runCommand(
  target: Target,
  line: string,
  context: ConsoleContext = {},
): Promise<CommandResult | undefined> {
  const said = spoken(line);
  const command = said === undefined ? undefined : commandNamed(said.name);
  if (said === undefined || command === undefined) return undefined;
  if (context.expressions === 'too' && (await isExpression(target, said, context))) {
    return undefined;
  }
  checkModifier(command, said.modifier);
  const stop = standing(target, command);
  await checkOver(target, command, stop);
  try {
    return await command.run({ ...said, target, context, stop });
  } catch (error) {
    if (error instanceof CoreFileError || error instanceof InputError) {
      throw new TargetError(error.message);
    }
    throw error;
  }
}

function checkModifier(command: Command, modifier: string): void {
  const { modifiers = '', name } = command;
  if ([...modifier].every((letter) => modifiers.includes(letter))) return;
  const known = [...modifiers].map((letter) => `${name}/${letter}`).join(', ');
  throw new TargetError(
    known === '' ? `${name} has no modifiers` : `there is no ${name}/${modifier}, but ${known}`,
  );
}

const NOWHERE: Stop = {
  reason: 'entry',
  icount: 0,
  virtualTimeNs: 0,
  lwp: 0,
  place: { path: '', lineBase1: 0, columnBase0: 0 },
  description: '',
  inside: false,
  breakpoints: [],
  change: null,
  outcome: null,
  diverted: false,
};

function standing({ stop }: Target, { name, when }: Command): Stop {
  if (stop !== null) return stop;
  if (when === 'always') return NOWHERE;
  throw new TargetError(`nothing stands still that ${name} could look at: pause or start it first`);
}

/** Errors: nothing is left to look at. */
async function checkOver(target: Target, { when }: Command, stop: Stop): Promise<void> {
  if (when !== undefined || stop.reason !== 'end') return;
  if ((await target.lwps()).length > 0) return;
  throw new TargetError(
    'the run is over and nothing stands any more: back, goto and run lead back',
  );
}

/** A line that goes on like an expression, or the bare name of a variable in the frame. */
async function isExpression(
  target: Target,
  said: Spoken,
  { lwp, frame }: ConsoleContext,
): Promise<boolean> {
  if (said.modifier !== '') return false;
  if (readsAsExpression(said)) return true;
  if (said.rest !== '' || target.stop === null) return false;
  const id = frame ?? (await target.stack(lwp ?? target.stop.lwp))[0]?.id;
  if (id === undefined) return false;
  return isVariable(target, said.name, id);
}

async function isVariable(target: Target, name: string, frame: number): Promise<boolean> {
  for (const { hint, handle } of await target.scopes(frame)) {
    if (hint !== 'locals' && hint !== 'arguments') continue;
    if ((await target.variables(handle)).some((variable) => variable.name === name)) return true;
  }
  return false;
}

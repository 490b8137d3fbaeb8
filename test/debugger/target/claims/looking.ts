/** What the claims have in common: finding frames, variables and lines, and being refused. */

import {
  type FrameInfo,
  type Page,
  type Scope,
  type Target,
  TargetError,
  type Variable,
} from '../../../../debugger/target/index.ts';

/** The sentence with which a request is refused. */
export async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof TargetError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Line (base 1) and column (base 0) of the first place where a text stands. */
export function placeIn(lines: readonly string[], text: string): [number, number] {
  const index = lines.findIndex((line) => line.includes(text));
  if (index < 0) throw new Error(`the program has no '${text}'`);
  return [index + 1, lines[index].indexOf(text)];
}

/** The frame of a function of an LWP. */
export async function frameOf(target: Target, lwp: number, name: string): Promise<FrameInfo> {
  const frame = (await target.stack(lwp)).find((one) => one.function === name);
  if (frame === undefined) throw new Error(`LWP ${lwp} has no frame of ${name}`);
  return frame;
}

export async function scopeOf(target: Target, frame: number, name: string): Promise<Scope> {
  const scope = (await target.scopes(frame)).find((one) => one.name === name);
  if (scope === undefined) throw new Error(`there is no scope ${name}`);
  return scope;
}

/** A local variable of a function of an LWP. */
export async function local(
  target: Target,
  lwp: number,
  name: string,
  variable: string,
): Promise<Variable> {
  const frame = await frameOf(target, lwp, name);
  for (const scope of await target.scopes(frame.id)) {
    if (scope.name !== 'Locals' && scope.name !== 'Arguments') continue;
    const found = (await target.variables(scope.handle)).find((one) => one.name === variable);
    if (found !== undefined) return found;
  }
  throw new Error(`${name} has no variable ${variable}`);
}

/** Names and values of what is inside of a variable. */
export async function inside(
  target: Target,
  { handle }: Variable,
  page?: Page,
): Promise<[string, string][]> {
  return (await target.variables(handle, page)).map(({ name, value }) => [name, value]);
}

/** Evaluates in the frame of a function of LWP 1, or in none. */
export async function evaluated(
  target: Target,
  expression: string,
  name?: string,
): Promise<Variable> {
  const frame = name === undefined ? undefined : (await frameOf(target, 1, name)).id;
  return target.evaluate(expression, { frame, sideEffects: 'refused' });
}

/** A value's text without the number of its object, which only cores have. */
export function unnumbered(text: string): string {
  return text.replace(/ #\d+/g, '');
}

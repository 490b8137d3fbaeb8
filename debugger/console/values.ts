/**
 * Values: `print`, `set` and `locals`.
 *
 *   account = Account {owner: "alice", balance: 10, …}
 *     owner    "alice"
 *     balance  10
 */

import { type Scope, type Target, TargetError, type Variable } from '../target/index.ts';
import { chosenFrame, theFrame } from './frames.ts';
import type { Call, CommandGroup, CommandResult } from './types.ts';

/** Members that are shown of a value. */
const SHOWN = 40;
const WIDTH = 100;
const NAME_WIDTH = 24;

async function print(call: Call): Promise<CommandResult> {
  const { target, rest, modifier } = call;
  if (rest === '') throw new TargetError('print what? print vp.usecount, print lwp(2).held');
  const { frames, index } = await chosenFrame(call);
  const frame = frames[index]?.id;
  const options = { sideEffects: 'allowed', ...(frame === undefined ? {} : { frame }) } as const;
  const value = await target.evaluate(rest, options);
  return { text: await valueText(target, value, rest, modifier === 'x') };
}

async function valueText(
  target: Target,
  variable: Variable,
  name: string,
  inHex: boolean,
): Promise<string> {
  const text = (one: Variable) => (inHex ? hex(one.value) : plainText(one));
  const lines = [clipped(`${name} = ${text(variable)}`)];
  if (variable.handle !== 0) {
    const members = await target.variables(variable.handle, { start: 0, count: SHOWN });
    const width = widthOf(members);
    for (const one of members) lines.push(clipped(`  ${one.name.padEnd(width)}  ${text(one)}`));
    const more = variable.named + variable.indexed - members.length;
    if (more > 0 && members.length >= SHOWN) lines.push(`  … ${more} more`);
  }
  return lines.join('\n');
}

/** Numbers of objects are left out: a live run has none, and the same moment reads the same. */
function plainText({ value, optimizedAway }: Variable): string {
  if (optimizedAway) return 'undefined or optimised away';
  return value.replace(/"(?:[^"\\]|\\.)*"?| #\d+\b/g, (part) => (part[0] === '"' ? part : ''));
}

function widthOf(members: readonly Variable[]): number {
  return Math.min(NAME_WIDTH, Math.max(0, ...members.map(({ name }) => name.length)));
}

/** A whole number as 0x…; whatever else it is, as it is. */
function hex(value: string): string {
  const [, sign, digits] = /^(-?)(\d+)$/.exec(value) ?? [];
  return digits === undefined ? value : `${sign}0x${BigInt(digits).toString(16)}`;
}

function clipped(line: string): string {
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`;
}

/** `set vp.size = 4096`. */
async function set(call: Call): Promise<CommandResult> {
  const { target, rest } = call;
  const [, name, value] = /^([^=]+?)\s*=(?!=)\s*(.+)$/s.exec(rest) ?? [];
  if (name === undefined || value === undefined) {
    throw new TargetError('set what? set vp.size = 4096');
  }
  const { id } = await theFrame(call);
  const written = await target.setExpression(name, value, id);
  return { text: clipped(`${name} = ${plainText(written)}`) };
}

async function locals(call: Call): Promise<CommandResult> {
  const { id, function: name } = await theFrame(call);
  const lines: string[] = [];
  for (const scope of await call.target.scopes(id)) {
    if (scope.hint === 'locals' || scope.hint === 'arguments') {
      lines.push(...(await scopeLines(call.target, scope)));
    }
  }
  return { text: lines.join('\n') || `${name} has no variables here.` };
}

async function scopeLines(target: Target, scope: Scope): Promise<string[]> {
  const variables = await target.variables(scope.handle);
  const width = widthOf(variables);
  return variables.map((one) => clipped(`${one.name.padEnd(width)}  ${plainText(one)}`));
}

/** `exact`: values that the engine had dropped are there afterwards. */
async function exact({ target }: Call): Promise<CommandResult> {
  if (target.exact === undefined) {
    throw new TargetError('this target has no more variables than it shows');
  }
  await target.exact();
  return { text: 'every frame keeps all of its variables from now on; runs are slower' };
}

export const VALUES: CommandGroup = {
  title: 'Values',
  commands: [
    {
      name: 'print',
      aliases: ['p'],
      usage: 'print[/x] EXPR',
      summary: 'a value in this frame, with its fields (/x: in hexadecimal)',
      modifiers: 'x',
      run: print,
    },
    {
      name: 'exact',
      usage: 'exact',
      summary: 'run to here again unoptimised: no variable is lost',
      run: exact,
    },
    { name: 'locals', usage: 'locals', summary: 'the variables of this frame', run: locals },
    {
      name: 'set',
      usage: 'set EXPR = VALUE',
      summary: 'write a field; what follows is a diversion',
      run: set,
    },
  ],
};

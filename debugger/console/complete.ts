/** What a line may go on with: names of commands and objects, sources, expressions. */

import { type Target, TargetError } from '../target/index.ts';
import { commandNamed, COMMANDS } from './commands.ts';
import { spoken } from './line.ts';
import { THINGS } from './things.ts';
import type { ConsoleContext } from './types.ts';

/** What the last word of a line may be, whole words; and that word. */
export interface CommandCompletions {
  readonly words: readonly string[];
  readonly word: string;
}

/** Commands whose argument is an expression. */
const EXPRESSIONS = new Set([
  'print',
  'set',
  'watch',
  'rwatch',
  'awatch',
  'last-write',
  'next-write',
]);
const SHOW = ['all', ...THINGS.keys()];
const WORDS: Readonly<Record<string, readonly string[]>> = {
  show: SHOW,
  info: ['breakpoints'],
  save: ['core', 'recording'],
  catch: ['errno', 'throw', 'verdict', 'off'],
  goto: ['start', 'end'],
};

/** Completions of a line at its end. Nothing is changed, and nothing is refused. */
export async function completeCommand(
  target: Target,
  line: string,
  context: ConsoleContext = {},
): Promise<CommandCompletions> {
  const word = /\S*$/.exec(line)?.[0] ?? '';
  const said = spoken(line);
  const isName = !/\s/.test(line.trimStart());
  if (isName)
    return fitting(
      COMMANDS.map(({ name }) => name),
      word,
    );
  const name = said === undefined ? '' : (commandNamed(said.name)?.name ?? '');
  if (EXPRESSIONS.has(name)) return expression(target, line, context);
  return fitting(await candidates(target, name, line), word);
}

async function candidates(target: Target, name: string, line: string): Promise<readonly string[]> {
  if (name === 'help') return COMMANDS.map((command) => command.name);
  if (name === 'show' && /\ball\s/.test(line)) return [...THINGS.keys()].map((kind) => `${kind}s`);
  if (name === 'break' || name === 'list' || name === 'log') {
    return [...(await sourceNames(target)), ...(await functionNames(target, line))];
  }
  if (name === 'lwp' || name === 'bt') return lwpNumbers(target);
  return WORDS[name] ?? [];
}

/** Last parts of the paths of sources, with the colon before a line. */
async function sourceNames(target: Target): Promise<string[]> {
  const sources = await target.sources();
  return sources.map(({ path }) => `${path.slice(path.lastIndexOf('/') + 1)}:`);
}

/** Functions of the kernel that begin as the line's last word does. */
async function functionNames(target: Target, line: string): Promise<string[]> {
  const word = /[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(line)?.[0] ?? '';
  if (word === '' || target.stop === null) return [];
  const found = await target.completions(word, word.length).catch(nothing);
  return found.filter(({ type }) => type === 'function').map(({ label }) => label);
}

/** Completion refuses nothing. */
function nothing(error: unknown): never[] {
  if (error instanceof TargetError) return [];
  throw error;
}

async function lwpNumbers(target: Target): Promise<string[]> {
  return target.stop === null ? [] : (await target.lwps()).map(({ id }) => String(id));
}

function fitting(words: readonly string[], word: string): CommandCompletions {
  return { words: [...new Set(words)].filter((one) => one.startsWith(word)).sort(), word };
}

async function expression(
  target: Target,
  line: string,
  { lwp, frame }: ConsoleContext,
): Promise<CommandCompletions> {
  const text = line.replace(/^\s*\S+\s+/, '');
  const word = /[\p{L}\p{N}_$]*$/u.exec(text)?.[0] ?? '';
  if (target.stop === null) return { words: [], word };
  const frames = await target.stack(lwp ?? target.stop.lwp).catch(nothing);
  const id = frame ?? frames[0]?.id;
  const found = await target.completions(text, text.length, id).catch(nothing);
  return fitting(
    found.map(({ label }) => label),
    word,
  );
}

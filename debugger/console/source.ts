/**
 * Sources: finding the one that a person means, and showing lines of it.
 *
 *   > 40    yield* mutex_enter(lock);
 */

import { printable } from '../../corefiles/index.ts';
import { type SourcePlace, type Target, TargetError } from '../target/index.ts';

const NUMBER_WIDTH = 5;

/** `nap (rumpus/test/debugger/programs/overdrawn.ts:40:3)`. */
export function placeLine(frame: SourcePlace & { readonly function: string }): string {
  return `${printable(frame.function) || '(anonymous)'} (${placeText(frame)})`;
}

/** `rumpus/kernel/kern/kern_mutex.ts:42:3`. */
export function placeText({ path, lineBase1, columnBase0 }: SourcePlace): string {
  return path === '' ? 'source not known' : `${printable(path)}:${lineBase1}:${columnBase0 + 1}`;
}

/** A line with its number; the mark is of the line where something stands. */
export function numberedLine(lineBase1: number, text: string, mark = ' '): string {
  return `${mark}${String(lineBase1).padStart(NUMBER_WIDTH)}  ${printable(text)}`.trimEnd();
}

/** Lines of a source; none when there is no such source. */
export async function sourceLines(
  target: Target,
  path: string,
  fromBase1: number,
  toBase1: number,
): Promise<string[]> {
  if (path === '') return [];
  try {
    const text = await target.sourceText(path);
    return text.split('\n').slice(Math.max(0, fromBase1 - 1), toBase1);
  } catch (error) {
    if (error instanceof TargetError) return [];
    throw error;
  }
}

/** The source whose path is, or ends in, what a person typed. Errors: none, or several. */
export async function sourceNamed(target: Target, name: string): Promise<string> {
  const wanted = name.replaceAll('\\', '/').replace(/^\.\//, '');
  const sources = await target.sources();
  const exact = sources.find(({ path, file }) => path === wanted || file === name);
  if (exact !== undefined) return exact.path;
  const paths = sources.map(({ path }) => path).filter((path) => path.endsWith(`/${wanted}`));
  if (paths.length === 1) return paths[0];
  if (paths.length === 0) throw new TargetError(`there is no source ${wanted} in this image`);
  throw new TargetError(`${wanted} may be any of ${paths.join(', ')}: give more of its path`);
}

/** Where a function of that name is written; undefined when no source has one. */
export async function functionNamed(
  target: Target,
  name: string,
): Promise<SourcePlace | undefined> {
  const declared = new RegExp(`\\bfunction\\b[\\s*]*(?:sys_)?${escaped(name)}\\s*[(<]`);
  for (const { path } of await target.sources()) {
    const lines = (await target.sourceText(path)).split('\n');
    const index = lines.findIndex((line) => declared.test(line));
    if (index >= 0) return { path, lineBase1: index + 1, columnBase0: 0 };
  }
  return undefined;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

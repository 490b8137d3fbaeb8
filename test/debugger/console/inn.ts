/** The inn (programs/inn.ts) as a live run, a recording and a core, each at its panic. */

import { fileURLToPath } from 'node:url';
import { runCommand } from '../../../debugger/console/index.ts';
import type { Target } from '../../../debugger/target/index.ts';
import { atEnd, openCoreOf, openLive, openReplay } from '../target/processes.ts';
import { type Folder, writeCoreOf } from '../target/programs.ts';

export const INN = fileURLToPath(new URL('programs/inn.ts', import.meta.url));

/** Lines of the program, by which places are named here: they move when it is edited. */
export function lineOf(text: string, source: string): number {
  const index = source.split('\n').findIndex((line) => line.includes(text));
  if (index < 0) throw new Error(`no line has ${text}`);
  return index + 1;
}

export async function openInn(kind: Target['kind'], folder: Folder): Promise<Target> {
  if (kind === 'live') return atEnd(await openLive(INN));
  const file = folder.file('inn.core');
  await writeCoreOf(INN, file);
  return kind === 'core' ? openCoreOf(file, INN) : atEnd(await openReplay(file, INN));
}

/** What a line answers; it has to be a command. */
export async function said(target: Target, line: string, lwp?: number): Promise<string> {
  const result = await runCommand(target, line, lwp === undefined ? {} : { lwp });
  if (result === undefined) throw new Error(`'${line}' is no command`);
  return result.text;
}

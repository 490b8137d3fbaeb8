/** Sessions over real targets: programs of this folder, in a process of their own. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDebuggee } from '../../../tui/debuggee.ts';
import { at, type Connected, joined, type Message, type RawClient } from './client.ts';

/** Two tellers and a lost payment: panics with seed 2, passes with seed 1. */
export const LEDGER = fileURLToPath(new URL('./programs/ledger.ts', import.meta.url));
/** Two locks in both orders: LWPs 2 and 3 wait for each other. */
export const ABBA = fileURLToPath(new URL('../../tui/programs/abba.ts', import.meta.url));
export const PANICS = { program: LEDGER, seed: 2 };

/** The number of the first line of a source that has a text. */
export function lineOf(text: string, file = LEDGER): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((one) => one.includes(text));
  if (line < 0) throw new Error(`${file} has no '${text}'`);
  return line + 1;
}

export function real(): Connected {
  return joined(openDebuggee);
}

export interface Standing extends Connected {
  readonly stopped: Message;
}

/** A session at its first stop. */
export async function standing(
  args: object,
  configure: (client: RawClient) => Promise<unknown> = async () => undefined,
): Promise<Standing> {
  const made = real();
  await made.client.launch(args, () => configure(made.client));
  return { ...made, stopped: await made.client.event('stopped') };
}

export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly source?: { readonly path: string };
}

export async function stackOf(client: RawClient, threadId = 1): Promise<Frame[]> {
  return at(await client.do('stackTrace', { threadId }), 'stackFrames');
}

/** `function:line` of the innermost frame. */
export async function place(client: RawClient, threadId = 1): Promise<string> {
  const [frame] = await stackOf(client, threadId);
  return `${frame.name}:${frame.line}`;
}

export interface Shown {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
  readonly memoryReference?: string;
}

/** The variables of a scope of the innermost frame. */
export async function variablesOf(client: RawClient, threadId: number, scope: string) {
  const [{ id }] = await stackOf(client, threadId);
  const scopes = await client.do('scopes', { frameId: id });
  const list = at<{ name: string; variablesReference: number }[]>(scopes, 'scopes');
  const found = list.find(({ name }) => name === scope);
  const variablesReference = found?.variablesReference ?? 0;
  const variables = at<Shown[]>(await client.do('variables', { variablesReference }), 'variables');
  return { variablesReference, variables, frameId: id };
}

/** Lines for a session that nobody types: of --command, or of a pipe. */

import { createInterface } from 'node:readline';
import type { DebugSession } from './session.ts';

/** Carries lines out until one quits. Errors: those of the first line that fails. */
export async function runScript(
  session: DebugSession,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  await session.begin();
  for await (const line of lines) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    if ((await session.line(text)) === 'quit') return;
  }
}

/** The lines of stdin. Read from when they are asked for: readline keeps none for later. */
export async function* stdinLines(): AsyncIterable<string> {
  yield* createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

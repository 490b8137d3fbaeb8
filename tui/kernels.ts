/**
 * Which of the two kernels this process has: the one that tells of its accesses is taken when the
 * command line asks for it (--accesses kernel), or names a file that was made in it.
 *
 * A process has one kernel, so this is settled before any of it is loaded: nothing here may import
 * it. Processes and threads that this one makes are told for themselves.
 */

import { closeSync, openSync, readSync } from 'node:fs';

const MAGIC = Buffer.from('8952554d0d0a1a0a', 'hex');

/** Settles it, in the environment of this process. */
export async function chooseKernel(argv: readonly string[]): Promise<void> {
  const accesses = askedFor(argv) ?? scheduledFor(argv) ?? (await madeWith(argv));
  if (accesses !== undefined) process.env['RUMPUS_ACCESSES'] = accesses;
}

function askedFor(argv: readonly string[]): string | undefined {
  const at = argv.findLastIndex((word) => /^--accesses(=|$)/.test(word));
  if (at < 0) return undefined;
  return argv[at].includes('=') ? argv[at].slice(argv[at].indexOf('=') + 1) : argv[at + 1];
}

/** What the head of a schedule says (debugger/hunt/shrink/head.ts). */
function scheduledFor(argv: readonly string[]): string | undefined {
  const at = argv.findLastIndex((word) => /^--schedule(=|$)/.test(word));
  if (at < 0) return undefined;
  const schedule = argv[at].includes('=') ? argv[at] : (argv[at + 1] ?? '');
  return /^[^|]*\baccesses=kernel\b[^|]*\|/.test(schedule) ? 'kernel' : 'program';
}

/** What the first recording or core among the words was made with. */
async function madeWith(argv: readonly string[]): Promise<string | undefined> {
  const file = argv.slice(1).find((word) => isOurs(word));
  if (file === undefined) return undefined;
  const { accessesOf } = await import('./recorded.ts');
  return accessesOf(file);
}

/** Whether a word names a file that begins as ours do (corefiles/FORMAT.md). */
function isOurs(word: string): boolean {
  if (word.startsWith('-')) return false;
  const start = Buffer.alloc(MAGIC.length);
  try {
    const fd = openSync(word, 'r');
    try {
      return readSync(fd, start) === MAGIC.length && start.equals(MAGIC);
    } finally {
      closeSync(fd);
    }
  } catch {
    // No file, or none that can be read: the command will say so.
    return false;
  }
}

/** `rumpus hunt --watch`: a round for each change of the program, a line for each round. */

import { resolve } from 'node:path';
import { tell } from '../errors.ts';
import { EXIT_INTERRUPTED } from '../exit.ts';
import { note, print } from '../output.ts';

export interface WatchRound {
  /** Ends the round: something changed, or the user has enough. */
  readonly signal: AbortSignal;
  /** To be told the files of the program as soon as they are known. */
  readonly watch: (files: readonly string[]) => void;
}

/** Rounds until Ctrl-C. `hunt` gives the line of a round; what it throws is a line as well. */
export async function watchHunt(
  file: string,
  hunt: (round: WatchRound) => Promise<string>,
): Promise<number> {
  const { rounds } = await import('../../debugger/hunt/watch/index.ts');
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  let files: readonly string[] = [resolve(file)];
  try {
    await rounds({
      signal: interrupt.signal,
      round: async ({ number, signal, watch }) => {
        watch(files);
        const remember = (known: readonly string[]) => {
          files = known;
          watch(known);
        };
        try {
          const line = await hunt({ signal, watch: remember });
          if (!signal.aborted) print(`round ${number}: ${line}`);
        } catch (error) {
          note(tell(error).text);
        }
      },
    });
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
  return EXIT_INTERRUPTED;
}

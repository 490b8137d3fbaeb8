/** rumpus hunt-worker: takes batches of hunts from a fleet's Redis server, and runs them. */

import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { InputError, wholeNumber } from '../../debugger/index.ts';
import { EXIT_FINE, EXIT_INTERRUPTED } from '../exit.ts';
import { examples } from '../help.ts';
import { grouped, note, plural, printJson, Progress } from '../output.ts';

const WORKERS_MAX = 256;
const IDLE_MAX_S = 7 * 24 * 3600;

interface Flags {
  readonly fleet?: string;
  readonly trust?: boolean;
  readonly workers?: string;
  readonly idle?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function define(command: Command): void {
  command.option('--fleet <address>', 'the Redis server: redis://[user:password@]host[:port][/db]');
  command.option('--trust', 'run the programs that come from that server, with your rights');
  command.option('--workers <n>', 'host threads (default: one for each host core)');
  command.option('--idle <seconds>', 'end when there was nothing to do for so long');
  command.option('--json', 'print one JSON object on stdout and nothing else');
  command.option('-q, --quiet', 'print less');
  examples(command, [
    [
      'Help with any hunt that is put on this server, until Ctrl-C',
      'rumpus hunt-worker --fleet redis://build-server --trust',
    ],
    [
      'End by itself when all hunts are done',
      'rumpus hunt-worker --fleet redis://build-server --trust --idle 60',
    ],
  ]);
  command.addHelpText(
    'after',
    [
      '',
      'A worker runs code that comes from the server: whoever can write there runs programs here,',
      'with your rights. That needs --trust. Let nobody else reach the server, or give it a password.',
      'Hunts are put there by `rumpus hunt program.ts --fleet <address>`, by the same version of rumpus.',
      "A program's host files are looked for in the current folder.",
      'Ctrl-C finishes the batches that are being run; a second one leaves them to other workers.',
    ].join('\n'),
  );
  command.action(async (flags: Flags) => {
    process.exitCode = await work(flags);
  });
}

async function work(flags: Flags): Promise<number> {
  if (flags.fleet === undefined) throw new InputError('hunt-worker needs --fleet <address>');
  if (flags.trust !== true) {
    throw new InputError(
      'a worker runs programs that come from the server, with your rights: say --trust if it is yours',
    );
  }
  const threads = wholeNumber('--workers', flags.workers ?? cores(), 1, WORKERS_MAX);
  const idleS =
    flags.idle === undefined ? undefined : wholeNumber('--idle', flags.idle, 1, IDLE_MAX_S);
  const { fleetAddress, fleetWorker } = await import('../../debugger/hunt/fleet/index.ts');
  const address = fleetAddress(flags.fleet);
  const [polite, hurried] = [new AbortController(), new AbortController()];
  const interrupts = new Interrupts(polite, hurried);
  const progress = new Progress(flags.json || flags.quiet ? 'quiet' : 'shown');
  try {
    const done = await fleetWorker({
      ...{ address, threads, signal: polite.signal, hurry: hurried.signal },
      idleMs: idleS === undefined ? undefined : idleS * 1000,
      say: (text) => {
        progress.clear();
        if (flags.quiet !== true) note(text);
      },
      progress: ({ batches, schedules }) =>
        progress.show(() => `${plural(batches, 'batch')}, ${plural(schedules, 'schedule')} run`),
    });
    progress.clear();
    if (flags.json) printJson(done);
    else note(`${grouped(done.schedules)} schedules in ${grouped(done.batches)} batches`);
  } finally {
    interrupts.end();
  }
  return interrupts.byUser ? EXIT_INTERRUPTED : EXIT_FINE;
}

function cores(): string {
  return String(Math.min(availableParallelism(), WORKERS_MAX));
}

/** Ctrl-C and a polite kill: the first ends the worker, the second hurries it. */
class Interrupts {
  byUser = false;
  readonly #onInterrupt: () => void;
  readonly #onTerminate: () => void;

  constructor(polite: AbortController, hurried: AbortController) {
    const next = () => (polite.signal.aborted ? hurried : polite).abort();
    this.#onInterrupt = () => {
      this.byUser = true;
      next();
    };
    this.#onTerminate = next;
    process.on('SIGINT', this.#onInterrupt).on('SIGTERM', this.#onTerminate);
  }

  end(): void {
    process.removeListener('SIGINT', this.#onInterrupt);
    process.removeListener('SIGTERM', this.#onTerminate);
  }
}

/** rumpus dap: the debug adapter, for editors. */

import type { Command } from 'commander';
import { type Host, listen, serveStdio } from '../../debugger/dap/index.ts';
import { wholeNumber } from '../../debugger/index.ts';
import { openDebuggee } from '../debuggee.ts';
import { EXIT_FINE } from '../exit.ts';
import { examples } from '../help.ts';
import { print } from '../output.ts';

interface Flags {
  readonly port?: string;
}

const PORT_MAX = 65_535;
const CONFIGURATIONS = `
Configurations:
  { "request": "launch", "program": "race.ts", "ncpu": 2, "seed": 7, "stopOnEntry": true }
  { "request": "launch", "recording": "race.rumpus", "icount": 1204 }
  { "request": "launch", "core": "race-panic-7.core" }
  { "request": "attach", "port": 9230 }    what \`rumpus run FILE --inspect 9230\` runs`;

export function define(command: Command): void {
  command.option('--port <n>', 'listen on this port of 127.0.0.1 instead; 0 takes a free one');
  examples(command, [
    ['What an editor starts: requests on stdin, answers on stdout', 'rumpus dap'],
    ['Wait for editors to connect; several may, at once or one by one', 'rumpus dap --port 4711'],
  ]);
  command.addHelpText('after', CONFIGURATIONS);
  command.action(async (flags: Flags) => {
    process.exitCode = await dapCommand(flags);
  });
}

const host: Host = {
  open: openDebuggee,
  // stdout belongs to the protocol.
  say: (sentence) => void process.stderr.write(`rumpus dap: ${sentence}\n`),
};

/** Serves until the client says good-bye, or the command is interrupted. */
export async function dapCommand(flags: Flags): Promise<number> {
  if (flags.port === undefined) {
    await serveStdio(host, interrupted());
    process.exit(EXIT_FINE);
  }
  const server = await listen(host, wholeNumber('--port', flags.port, 0, PORT_MAX));
  print(`listening on ${server.host}:${server.port}`);
  await interrupted();
  await server.close();
  return EXIT_FINE;
}

/** Resolves when the user or the system wants the command to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve());
  });
}

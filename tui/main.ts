/** The rumpus command. bin/rumpus.mjs imports this file as it was bundled to dist/cli.js. */

import { runCommandLine } from './cli.ts';
import { EXIT_FINE } from './exit.ts';
import { chooseKernel } from './kernels.ts';

/** A reader that went away (`rumpus trace | head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT_FINE);
});

const argv = process.argv.slice(2);
await chooseKernel(argv);
process.exitCode = await runCommandLine(argv);

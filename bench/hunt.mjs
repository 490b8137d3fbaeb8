/**
 * npm run bench:hunt [-- [--json] [--seeds N] [--schedules N] [--strategy A,B] [--twins N] NAME…]:
 * schedules to the declared bug, for each program, strategy and seed.
 */

import { pathToFileURL } from 'node:url';
import { buildImages } from './build.mjs';

const { bench } = await buildImages();
const { huntBench } = await import(pathToFileURL(bench).href);
process.exitCode = await huntBench(process.argv.slice(2));

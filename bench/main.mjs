/**
 * npm run bench [-- [--json] NAME…]: builds what is measured, and measures it.
 *
 * The images are built here, from the sources as they are, so that a figure never comes from a
 * stale dist/ (which only the figures about the command itself use).
 */

import { pathToFileURL } from 'node:url';
import { buildImages } from './build.mjs';

const images = await buildImages();
const { main } = await import(pathToFileURL(images.bench).href);
process.exitCode = await main(process.argv.slice(2), images);

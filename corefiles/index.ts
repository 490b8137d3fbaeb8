/** Files that are saved: one container for recordings, traces and cores. See README.md. */

export * from './codec/index.ts';
export * from './container/index.ts';
export * from './core/index.ts';
export { CoreFileError, type CoreFileErrorKind } from './errors.ts';
export { printable, printableLines } from './printable.ts';
export * from './recording.ts';

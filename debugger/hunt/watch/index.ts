/** Hunting again whenever the program changes. See ../README.md. */

export { filesOf, type Round, rounds, type RoundsOptions, Watcher } from './watch.ts';

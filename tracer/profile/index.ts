/** Profiles: every statement counted to its stack, and pictures of that. */

export * from './flamegraph.ts';
export * from './folded.ts';
export * from './profiler.ts';
export * from './tree.ts';

/** Strategies, one a file. */

export * from './default.ts';
export * from './pct.ts';
export * from './privacy.ts';
export * from './random.ts';
export * from './replay.ts';
export * from './round-robin.ts';
export type * from './strategy.ts';

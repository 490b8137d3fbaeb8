/** Strategies, one a file. */

export * from './alternating.ts';
export * from './default.ts';
export type { LearnedEstimates } from './estimates.ts';
export * from './exhaustive/index.ts';
export * from './pct.ts';
export * from './privacy.ts';
export * from './pos.ts';
export * from './race.ts';
export * from './random.ts';
export * from './replay.ts';
export * from './round-robin.ts';
export type * from './strategy.ts';
export * from './surw.ts';
export * from './urw.ts';

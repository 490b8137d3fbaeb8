/** The world: scheduler, strategies, time, outcome. */

export * from './collections.ts';
export * from './current.ts';
export * from './detect/index.ts';
export * from './directives.ts';
export * from './errnolog.ts';
export { FAULTS } from './fault.ts';
export * from './monitor.ts';
export * from './op.ts';
export * from './outcome.ts';
export * from './random.ts';
export * from './report.ts';
export { onBootPath, runWorld } from './run.ts';
export { chooseAmong, ownIcount, ownPoints } from './schedule.ts';
export { stateDigest } from './statehash.ts';
export { setStop } from './stops.ts';
export * from './strategy/index.ts';
export * from './timers.ts';
export * from './variable.ts';
export { cycleText, findCycle } from './waitgraph.ts';
export * from './world.ts';

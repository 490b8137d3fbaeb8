/** Targets: a live run, a recording or a core, behind one interface (target.ts). */

export * from './target.ts';
export { openTarget, type ProcessOptions, type Rerun, type TargetRequest } from './open.ts';
export { ProcessTarget } from './process/index.ts';

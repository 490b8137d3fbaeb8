/** Cores as targets. */

export { CoreTarget, type CoreTargetOptions } from './target.ts';

/**
 * What `import … from 'rumpus'` gives: the public API (api.ts), the kernel's own functions under
 * NetBSD's names, and the world, for tools that drive kernels themselves.
 */

export type * from './api.ts';
export * from './dev/index.ts';
export { inOneStep, publishes, Scope } from './accesses.ts';
export * from './hooks.ts';
export * from './kern/index.ts';
export { fails } from './fails.ts';
export type { MaySleep } from './maysleep.ts';
export * from './miscfs/index.ts';
export * from './pthread/index.ts';
export {
  bootKernel,
  expectVerdict,
  knownBug,
  program,
  startProgram,
} from './program.ts';
export * from './rumpuser/index.ts';
export * from './sites.ts';
export { makeSys } from './sys.ts';
export * from './trace/index.ts';
export * from './verdict.ts';
export * from './vfs/index.ts';
export * from './fs/index.ts';
export * from './world/index.ts';

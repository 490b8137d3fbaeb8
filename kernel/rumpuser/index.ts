/** Hypercalls: the only door to the host. */

export * from './dprintf.ts';
export * from './etfs.ts';
export * from './hypercall.ts';
export * from './isolated.ts';
export type * from './rumpuser.ts';

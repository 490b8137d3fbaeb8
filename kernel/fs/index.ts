/** File systems, one a folder. */

export * from './ffs/index.ts';
export * from './tmpfs/index.ts';

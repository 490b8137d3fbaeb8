/** File systems, one a folder. */

export * from './tmpfs/index.ts';

/** Devices: the switches, the memory devices, the block device. */

export * from './conf.ts';
export * from './mem.ts';
export * from './rumpblk.ts';

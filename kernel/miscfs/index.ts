/** Parts of file systems that several share: devices, fifos, dead vnodes. */

export * from './deadfs.ts';
export * from './fifofs.ts';
export * from './specdev.ts';
export * from './specfs.ts';

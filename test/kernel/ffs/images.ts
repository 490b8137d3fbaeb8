/** The images of test/fixtures/ffs, and mounting them in a program. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Component, EtfsSource, MaySleep, Sys } from '../../../kernel/api.ts';
import { ffs } from '../../../kernel/fs/ffs/index.ts';
import { MNT_RDONLY } from '../../../kernel/vfs/mount.ts';
import { passes, type Ran, type RunOptions } from '../harness.ts';

export type ImageName = 'tree-le' | 'tree-be' | 'small-48k';

function imagePath(name: ImageName): string {
  const file = name === 'small-48k' ? 'gallery/kern-43573/disk.ffs' : `fixtures/ffs/${name}.ffs`;
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

/** A copy of an image's bytes. */
export function image(name: ImageName): Uint8Array {
  return new Uint8Array(readFileSync(imagePath(name)));
}

/** The device of an image in a program's options. */
export function disk(bytes: Uint8Array): Readonly<Record<string, EtfsSource>> {
  return { '/dev/disk': { bytes } };
}

/** Mounts the image on /mnt. */
export function* mountDisk(sys: Sys): Generator<void, void, void> {
  yield* sys.mkdir('/mnt', 0o755);
  yield* sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk');
}

/** Runs a program with an image mounted on /mnt. */
export function withImage(
  bytes: Uint8Array,
  main: (sys: Sys) => MaySleep<unknown>,
  options: RunOptions & { readonly component?: Component } = {},
): Ran {
  const { component = ffs, ...rest } = options;
  return passes({ components: [component], etfs: disk(bytes), ...rest }, function* (sys) {
    yield* mountDisk(sys);
    yield* main(sys);
  });
}

/**
 * Damaged and hostile images: whatever the bytes, the kernel answers with errnos. Each mutation is
 * a function of its seed; a failure names it.
 */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { SysError } from '../../../kernel/kern/syserror.ts';
import { O_RDONLY } from '../../../kernel/vfs/fcntl.ts';
import { MNT_RDONLY } from '../../../kernel/vfs/mount.ts';
import { S_ISDIR, S_ISLNK } from '../../../kernel/vfs/stat.ts';
import { Random } from '../../../kernel/world/random.ts';
import { ffs } from '../../../kernel/fs/ffs/index.ts';
import { run } from '../harness.ts';
import { disk, image, type ImageName } from './images.ts';

const MUTANTS = 2000;
/** Paths a walk looks at; a cycle of directories would otherwise never end. */
const VISITS = 40;

/** Places worth damaging, as [first byte, length]: superblock, first inodes, directories, all. */
const PLACES: readonly (readonly [number, number])[] = [
  [8192, 1376],
  [8192 + 1300, 76],
  [20_480, 2048],
  [24_576, 4096],
  [0, 48_000],
];
const INTERESTING = [0, 1, 2, 4, 0x7f, 0x80, 0xff];

/** The image with some bytes changed. */
function mutate(original: Uint8Array, seed: number): Uint8Array {
  const random = new Random(seed);
  const bytes = original.slice(
    0,
    random.below(20) === 0 ? random.below(original.length) : undefined,
  );
  const count = 1 + random.below(8);
  for (let i = 0; i < count; i++) {
    const [start, length] = PLACES[random.below(PLACES.length)];
    const at = start + random.below(length);
    const width = 1 << random.below(3);
    const value = INTERESTING[random.below(INTERESTING.length)];
    for (let j = 0; j < width && at + j < bytes.length; j++) {
      bytes[at + j] = random.below(2) === 0 ? value : random.below(256);
    }
  }
  return bytes;
}

/** Makes a call; an errno is a fine answer. */
function* attempt<T>(call: () => Iterable<void> & { [Symbol.iterator](): Iterator<void, T> }) {
  try {
    return yield* call();
  } catch (error) {
    if (error instanceof SysError) return undefined;
    throw error;
  }
}

/** Looks at everything that can be reached, up to a number of paths. */
function* explore(sys: Sys): Generator<void, void, void> {
  const queue = ['/mnt'];
  const buf = new Uint8Array(512);
  for (let visits = 0; visits < VISITS && queue.length > 0; visits++) {
    const path = queue.shift()!;
    const st = yield* attempt(() => sys.lstat(path));
    if (st === undefined) continue;
    if (S_ISLNK(st.mode)) yield* attempt(() => sys.readlink(path));
    yield* attempt(() => sys.stat(`${path}/../hello`));
    const fd = yield* attempt(() => sys.open(path, O_RDONLY | 4));
    if (fd === undefined) continue;
    if (S_ISDIR(st.mode)) {
      const entries = (yield* attempt(() => sys.getdents(fd, 2048))) ?? [];
      for (const { name } of entries) if (name !== '.') queue.push(`${path}/${name}`);
    }
    yield* attempt(() => sys.read(fd, buf));
    yield* attempt(() => sys.pread(fd, buf, Math.max(0, st.size - 100)));
    yield* attempt(() => sys.close(fd));
  }
}

function survives(name: ImageName, bytes: Uint8Array): string {
  const options = { components: [ffs], etfs: disk(bytes), budget: 2_000_000 };
  const { outcome } = run({ ...options, replay: 'left out' }, function* (sys) {
    yield* sys.mkdir('/mnt', 0o755);
    yield* attempt(() => sys.mount('ffs', '/mnt', MNT_RDONLY, '/dev/disk'));
    yield* explore(sys);
    yield* attempt(() => sys.statvfs('/mnt'));
    yield* attempt(() => sys.unmount('/mnt'));
  });
  return outcome.verdict === 'passed' ? '' : `${name}: ${outcome.verdict}: ${outcome.message}`;
}

test(`${MUTANTS} damaged images neither hang nor crash the kernel`, { timeout: 120_000 }, () => {
  const found: string[] = [];
  for (let seed = 1; seed <= MUTANTS && found.length < 5; seed++) {
    const name = seed % 2 === 0 ? 'small-48k' : 'tree-be';
    const why = survives(name, mutate(originals[name], seed));
    if (why !== '') found.push(`seed ${seed}: ${why}`);
  }
  expect(found).toEqual([]);
});

const originals = { 'small-48k': image('small-48k'), 'tree-be': image('tree-be') };

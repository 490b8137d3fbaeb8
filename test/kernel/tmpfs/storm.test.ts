/** Renames from all sides: whatever the schedule, the tree stays a tree and the counts are right. */

import { expect, test } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { tmpfs, tmpfsComponent } from '../../../kernel/fs/tmpfs/index.ts';
import { SysError } from '../../../kernel/kern/syserror.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { O_CREAT, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { Random } from '../../../kernel/world/random.ts';
import { oldRename } from '../../gallery/kern-36681/old.ts';
import { verdicts } from '../harness.ts';
import { silent, together } from '../parallel.ts';
import { fsck } from './fsck.ts';

/** Directories that are moved about, and names for files. */
const PATHS = ['/a', '/b', '/a/c', '/b/c', '/a/c/d', '/b/c/d', '/a/f', '/b/f', '/f', '/a/c/f'];
/** What operations in a changing tree may answer. */
const FINE = /^(ENOENT|ENOTDIR|EISDIR|ENOTEMPTY|EEXIST|EINVAL|EPERM|EBUSY)$/;

function* step(sys: Sys, random: Random): Generator<void, void, void> {
  const path = PATHS[random.below(PATHS.length)];
  const other = PATHS[random.below(PATHS.length)];
  switch (random.below(8)) {
    case 0:
      return yield* sys.mkdir(path, 0o755);
    case 1:
      return yield* sys.rmdir(path);
    case 2:
      return yield* sys.unlink(path);
    case 3:
      return yield* sys.link(path, other);
    case 4:
      return yield* create(sys, path);
    default:
      return yield* sys.rename(path, other);
  }
}

function* create(sys: Sys, path: string): Generator<void, void, void> {
  const fd = yield* sys.open(path, O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, path);
  yield* sys.close(fd);
}

function actor(sys: Sys, seed: number, steps: number): () => MaySleep<unknown> {
  return function* () {
    const random = new Random(seed);
    for (let i = 0; i < steps; i++) {
      try {
        yield* step(sys, random);
      } catch (error) {
        if (!(error instanceof SysError) || !FINE.test(error.code)) throw error;
      }
    }
  };
}

/** A storm of `actors` LWPs; `seed` says what they do. */
function storm(seed: number, actors: number) {
  return function* main(sys: Sys): Generator<void, void, void> {
    for (const path of ['/a', '/b', '/a/c', '/b/c']) yield* sys.mkdir(path, 0o755);
    yield* create(sys, '/a/f');
    const bodies: (() => MaySleep<unknown>)[] = [];
    for (let i = 0; i < actors; i++) bodies.push(actor(sys, seed * 100 + i, 12));
    yield* together(...bodies);
    expect(fsck()).toEqual([]);
  };
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`storm ${seed} of three LWPs leaves a tree (rename(2))`, () => {
    silent(storm(seed, 3), { components: [tmpfs] }, 2);
  });
}

test('the old rename does not get through the storm: it deadlocks, or breaks the tree', () => {
  const components = [tmpfsComponent({ vnodeops: { rename: oldRename } })];
  const found = verdicts({ components, ncpu: 2, schedules: 50 }, storm(1, 3));
  expect(found.passed ?? 0).toBeLessThan(50);
  expect(Object.keys(found)).toContain('deadlock');
});

test('two directories cannot be moved into each other (rename(2))', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    yield* sys.mkdir('/a', 0o755);
    yield* sys.mkdir('/b', 0o755);
    const refused: string[] = [];
    const mover = (from: string, to: string) =>
      function* (): Generator<void, void, void> {
        try {
          yield* sys.rename(from, to);
        } catch (error) {
          refused.push((error as SysError).code);
        }
      };
    yield* together(mover('/a', '/b/a'), mover('/b', '/a/b'));
    expect(refused.length).toBe(1);
    expect(refused[0]).toMatch(/^(EINVAL|ENOENT)$/);
    expect(fsck()).toEqual([]);
  };
  silent(main, { components: [tmpfs] }, 21);
});

test('a rename is seen whole: the name is in one place or the other (rename(2))', () => {
  const main = function* (sys: Sys): Generator<void, void, void> {
    yield* sys.mkdir('/d', 0o755);
    yield* create(sys, '/target');
    yield* create(sys, '/d/source');
    const renamer = function* (): Generator<void, void, void> {
      yield* sys.rename('/d/source', '/target');
    };
    const looker = function* (): Generator<void, void, void> {
      for (let i = 0; i < 3; i++) expect((yield* sys.stat('/target')).nlink).toBeLessThan(2);
    };
    yield* together(renamer, looker);
    expect(fsck()).toEqual([]);
  };
  silent(main, { components: [tmpfs] }, 21);
});

/**
 * What sleuthkit, which shares no code with us, finds in the images.
 *
 * It gives up at a superblock candidate beyond the end of an image, just as PR kern/43573 tells of
 * NetBSD; so it gets copies that are long enough.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { Sys } from '../../../kernel/api.ts';
import { O_RDONLY } from '../../../kernel/vfs/fcntl.ts';
import { S_ISDIR, S_ISREG } from '../../../kernel/vfs/stat.ts';
import { names, readFile } from '../vfs/tree.ts';
import { needs } from '../../skip.ts';
import { image, type ImageName, withImage } from './images.ts';

const sleuthkit = needs('fls', 'apt-get install sleuthkit');

const folder = mkdtempSync(join(tmpdir(), 'rumpus-ffs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Beyond the last place where a superblock may be. */
const LONG_ENOUGH = 512 * 1024;

/** A copy of an image that sleuthkit can open. */
function longCopy(name: ImageName): string {
  const bytes = new Uint8Array(LONG_ENOUGH);
  bytes.set(image(name));
  const path = join(folder, `${name}.ffs`);
  writeFileSync(path, bytes);
  return path;
}

/** Paths and inode numbers as fls lists them, its own entries left out. */
function listedByFls(path: string): Map<string, number> {
  const text = execFileSync('fls', ['-f', 'ufs1', '-r', '-p', path], { encoding: 'utf8' });
  const found = new Map<string, number>();
  for (const line of text.trim().split('\n')) {
    const [, ino, name] = /^\S+ (?:\* )?(\d+):\t(.*)$/.exec(line) ?? [];
    if (name !== undefined && !name.startsWith('$')) found.set(name, Number(ino));
  }
  return found;
}

/** The same as our kernel sees it. */
function* walk(
  sys: Sys,
  at: string,
  visit: (path: string, ino: number) => void,
): Generator<void, void, void> {
  for (const name of yield* names(sys, at)) {
    const st = yield* sys.lstat(`${at}/${name}`);
    visit(`${at}/${name}`, st.ino);
    if (S_ISDIR(st.mode)) yield* walk(sys, `${at}/${name}`, visit);
  }
}

const images = ['tree-le', 'tree-be', 'small-48k'] as const;

sleuthkit.test.each(images)('fls lists the same paths and inodes of %s', (name) => {
  const ours = new Map<string, number>();
  withImage(image(name), function* (sys) {
    yield* walk(sys, '/mnt', (path, ino) => ours.set(path.slice('/mnt/'.length), ino));
  });
  expect([...ours].sort()).toEqual([...listedByFls(longCopy(name))].sort());
});

sleuthkit.test.each(images)('icat reads the same bytes of %s', (name) => {
  const files: [string, number, string][] = [];
  withImage(image(name), function* (sys) {
    const found: string[] = [];
    yield* walk(sys, '/mnt', (path) => found.push(path));
    for (const path of found.filter((one) => !one.includes('/many/'))) {
      const st = yield* sys.lstat(path);
      if (S_ISREG(st.mode)) files.push([path, st.ino, yield* readFile(sys, path)]);
    }
    yield* sys.close(yield* sys.open('/mnt', O_RDONLY));
  });
  const copy = longCopy(name);
  for (const [path, ino, content] of files) {
    const bytes = execFileSync('icat', ['-f', 'ufs1', copy, String(ino)]);
    expect([path, bytes.toString('utf8')]).toEqual([path, content]);
  }
});

/**
 * The tree of files that the contract of file systems is about, and small helpers for its cases.
 *
 * A file system that can be written gets it from makeTree(); for one that cannot, an image holds it
 * (test/fixtures/ffs/README.md says how that was made).
 */

import type { Sys } from '../../../kernel/api.ts';
import { Cred } from '../../../kernel/kern/proc.ts';
import { O_CREAT, O_RDONLY, O_RDWR } from '../../../kernel/vfs/fcntl.ts';
import { curlwp } from '../../../kernel/world/current.ts';

export const HELLO = 'hello, world\n';
/** Bytes of the file `big`: more than direct blocks of 4 KiB hold. */
export const BIG_BYTES = 100_000;
/** A target too long to be kept in an inode. */
export const LONG_TARGET = `${'dir/../'.repeat(12)}hello`;

/** What byte `at` of `big` is. */
export function bigByte(at: number): number {
  return (at * 7 + (at >> 8)) & 0xff;
}

/** Content of `big` from `offset`. */
export function bigBytes(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => bigByte(offset + i));
}

/** Makes the tree under `root`. */
export function* makeTree(sys: Sys, root: string): Generator<void, void, void> {
  yield* writeFile(sys, `${root}/hello`, HELLO);
  yield* writeFile(sys, `${root}/empty`, '');
  yield* sys.mkdir(`${root}/dir`, 0o755);
  yield* sys.mkdir(`${root}/dir/sub`, 0o755);
  yield* writeFile(sys, `${root}/dir/inner`, 'inner\n');
  yield* sys.symlink('hello', `${root}/link`);
  yield* sys.symlink('dir', `${root}/dirlink`);
  yield* sys.symlink(LONG_TARGET, `${root}/longlink`);
  yield* sys.symlink('loop', `${root}/loop`);
  yield* sys.symlink('nowhere', `${root}/dangling`);
  yield* writeFile(sys, `${root}/big`, bigBytes(0, BIG_BYTES));
}

/** Writes a whole file. */
export function* writeFile(
  sys: Sys,
  path: string,
  data: string | Uint8Array,
): Generator<void, void, void> {
  const fd = yield* sys.open(path, O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, data);
  yield* sys.close(fd);
}

/** Reads a whole file as text. */
export function* readFile(sys: Sys, path: string): Generator<void, string, void> {
  const fd = yield* sys.open(path, O_RDONLY);
  const buf = new Uint8Array(4096);
  let text = '';
  for (;;) {
    const count = yield* sys.read(fd, buf);
    if (count === 0) break;
    text += new TextDecoder().decode(buf.subarray(0, count));
  }
  yield* sys.close(fd);
  return text;
}

/** The names in a directory, sorted, without '.' and '..'. */
export function* names(sys: Sys, path: string): Generator<void, string[], void> {
  const fd = yield* sys.open(path, O_RDONLY);
  const all: string[] = [];
  for (;;) {
    const entries = yield* sys.getdents(fd, 512);
    if (entries.length === 0) break;
    for (const { name } of entries) all.push(name);
  }
  yield* sys.close(fd);
  return all.filter((name) => name !== '.' && name !== '..').sort();
}

/** Gives the running process the credentials of an ordinary user. */
export function become(uid: number, gid = uid): void {
  const cred = new Cred();
  cred.uid = cred.euid = cred.svuid = uid;
  cred.gid = cred.egid = cred.svgid = gid;
  cred.groups = [gid];
  curlwp().proc.cred = cred;
}

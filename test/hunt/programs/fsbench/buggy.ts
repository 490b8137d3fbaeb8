/**
 * fsbench: the file system of Flanagan and Godefroid, "Dynamic partial-order reduction" (POPL
 * 2005); CS benchmarks, SCTBench. Threads look for a free block for their inode.
 *
 * Bug      Whether a block is busy is asked before its lock is taken, and not again. (SCTBench's
 *          own bug is an index out of range, on every schedule.)
 * Needs    One preemption: two threads whose search begins at one block ask before either takes it.
 */

import {
  expectVerdict,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

const BLOCKS = 4;
const INODES = 4;

class FileSystem {
  readonly inodeLocks: KMutex[] = [];
  readonly blockLocks: KMutex[] = [];
  /** By inode: its block and one, 0 for none. */
  readonly inode = new Int32Array(INODES);
  readonly busy: boolean[] = Array.from({ length: BLOCKS }, () => false);

  constructor() {
    for (let i = 0; i < INODES; i++) {
      this.inodeLocks.push(mutex_obj_alloc(MUTEX_DEFAULT, `inode ${i}`));
    }
    for (let i = 0; i < BLOCKS; i++) {
      this.blockLocks.push(mutex_obj_alloc(MUTEX_DEFAULT, `block ${i}`));
    }
  }
}

function* take(fs: FileSystem, b: number): Generator<void, boolean, void> {
  if (fs.busy[b]) return false;
  yield* mutex_enter(fs.blockLocks[b]);
  fs.busy[b] = true;
  mutex_exit(fs.blockLocks[b]);
  return true;
}

function* allocate(fs: FileSystem, i: number): Generator<void, void, void> {
  yield* mutex_enter(fs.inodeLocks[i]);
  let b = (i * 2) % BLOCKS;
  for (let tries = 0; fs.inode[i] === 0 && tries < BLOCKS; tries++) {
    if (yield* take(fs, b)) fs.inode[i] = b + 1;
    b = (b + 1) % BLOCKS;
  }
  mutex_exit(fs.inodeLocks[i]);
}

const expect = expectVerdict('program-error', /fsbench: two inodes have block/);

export default program({ components: [], expect }, function* main() {
  const fs = new FileSystem();
  yield* lwps(several('inode', 3, (i) => allocate(fs, i)));
  const seen = new Set<number>();
  for (const b of fs.inode) {
    if (b !== 0 && seen.has(b)) throw new Error(`fsbench: two inodes have block ${b - 1}`);
    seen.add(b);
  }
});

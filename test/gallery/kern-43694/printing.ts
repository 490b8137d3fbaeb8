/**
 * The old descriptors with a printf(9) to see who looks a descriptor up, as somebody adds one who
 * looks for kern/43694. See README.md.
 *
 * NetBSD's printf(9) takes a lock (kprintf_lock() in sys/kern/subr_prf.c); that of Rumpus takes none,
 * so it is taken here.
 */

import {
  type FdFile,
  type Filedesc,
  type File,
  filesComponent,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  printf,
  program,
} from 'rumpus';
import { assertingOps } from './old.ts';
import { race } from './race.ts';

const kprintf_mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'kprintf_mtx');

function* getfile(fdp: Filedesc, ff: FdFile, fd: number): Generator<void, File | undefined, void> {
  yield* mutex_enter(kprintf_mtx);
  printf(`fd_getfile(${fd}): refcnt ${ff.refcnt.value}\n`);
  mutex_exit(kprintf_mtx);
  return yield* assertingOps.getfile!(fdp, ff, fd);
}

const ops = { ...assertingOps, getfile };

export default program({ components: [filesComponent({ ops })], ncpu: 2 }, race);

/**
 * The devices that every system has: null, zero and the random ones. Follows NetBSD
 * sys/dev/mm.c and sys/dev/rndpseudo.c.
 */

import { done } from '../hooks.ts';
import { ENOSPC, ENOTTY, ENXIO, type Errno } from '../kern/errno.ts';
import type { Kernel } from '../kern/kernel.ts';
import { cprng_fast32 } from '../kern/subr_cprng.ts';
import type { MaySleep } from '../maysleep.ts';
import { S_IFCHR } from '../vfs/stat.ts';
import { type Uio, uiomove, uiozero } from '../vfs/uio.ts';
import { type CDevsw, devices_of, devsw_attach, makedev, minor } from './conf.ts';

const MEM_MAJOR = 2;
const RND_MAJOR = 46;
const DEV_NULL = 2;
const DEV_ZERO = 12;
const DEV_FULL = 11;
const RND_DEV_RANDOM = 0;
const RND_DEV_URANDOM = 1;
/** Random bytes made at a time. */
const RND_CHUNK = 256;

type Status = MaySleep<Errno | undefined>;

function mm_open(dev: number): Status {
  const unit = minor(dev);
  return done(unit === DEV_NULL || unit === DEV_ZERO || unit === DEV_FULL ? undefined : ENXIO);
}

function nothing(): Status {
  return done(undefined);
}

function mm_read(dev: number, uio: Uio): Status {
  if (minor(dev) !== DEV_NULL) uiozero(uio.resid, uio);
  return done(undefined);
}

/** What is written is gone; /dev/full is full. Errors: ENOSPC. */
function mm_write(dev: number, uio: Uio): Status {
  if (minor(dev) === DEV_FULL) return done(ENOSPC);
  uio.offset += uio.resid;
  uio.resid = 0;
  return done(undefined);
}

function enotty(): Status {
  return done(ENOTTY);
}

function rnd_read(_dev: number, uio: Uio): Status {
  const chunk = new Uint8Array(RND_CHUNK);
  while (uio.resid > 0) {
    const count = Math.min(uio.resid, RND_CHUNK);
    for (let i = 0; i < count; i++) chunk[i] = cprng_fast32();
    uiomove(chunk, 0, count, uio);
  }
  return done(undefined);
}

/** What is written could stir the pool; there is none. */
function rnd_write(_dev: number, uio: Uio): Status {
  uio.resid = 0;
  return done(undefined);
}

const mem_cdevsw: CDevsw = {
  name: 'mem',
  open: mm_open,
  close: nothing,
  read: mm_read,
  write: mm_write,
  ioctl: enotty,
};

const rnd_cdevsw: CDevsw = {
  name: 'rnd',
  open: nothing,
  close: nothing,
  read: rnd_read,
  write: rnd_write,
  ioctl: enotty,
};

/** Attaches the drivers and asks for their nodes. */
export function mem_init(k: Kernel): void {
  void devsw_attach(k, MEM_MAJOR, null, mem_cdevsw);
  void devsw_attach(k, RND_MAJOR, null, rnd_cdevsw);
  const mode = S_IFCHR | 0o666;
  devices_of(k).nodes.push(
    { path: '/dev/null', mode, dev: makedev(MEM_MAJOR, DEV_NULL) },
    { path: '/dev/zero', mode, dev: makedev(MEM_MAJOR, DEV_ZERO) },
    { path: '/dev/full', mode, dev: makedev(MEM_MAJOR, DEV_FULL) },
    { path: '/dev/random', mode, dev: makedev(RND_MAJOR, RND_DEV_RANDOM) },
    { path: '/dev/urandom', mode, dev: makedev(RND_MAJOR, RND_DEV_URANDOM) },
  );
}

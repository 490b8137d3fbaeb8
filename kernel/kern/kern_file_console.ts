/**
 * The console as an open file: descriptors 0, 1 and 2 of a new process. Follows
 * sys/rump/librump/rumpkern/rumpcons.c.
 *
 * What is written goes to whoever watches the world's console; reading finds the end at once.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { S_IFCHR, Stat } from '../vfs/stat.ts';
import type { Uio } from '../vfs/uio.ts';
import { curworld } from '../world/current.ts';
import { type Errno, ENOTTY } from './errno.ts';
import type { File, FileOps } from './file.ts';

function cnread(): MaySleep<undefined> {
  return done(undefined);
}

function cnwrite(_fp: File, uio: Uio): MaySleep<undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for (let i = uio.iovIndex; i < uio.iov.length; i++) {
    text += decoder.decode(uio.iov[i], { stream: true });
  }
  uio.resid = 0;
  curworld().observer.console?.(text + decoder.decode());
  return done(undefined);
}

function cnioctl(): MaySleep<Errno> {
  return done(ENOTTY);
}

function cnstat(): MaySleep<Stat> {
  const st = new Stat();
  st.mode = S_IFCHR | 0o600;
  st.nlink = 1;
  return done(st);
}

function nothing(): MaySleep<undefined> {
  return done(undefined);
}

export const consops: FileOps = {
  name: 'console',
  read: cnread,
  write: cnwrite,
  ioctl: cnioctl,
  fcntl: nothing,
  stat: cnstat,
  close: nothing,
  restart: nothing,
};

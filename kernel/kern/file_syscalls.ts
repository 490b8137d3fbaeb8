/**
 * The files component: descriptors and pipes, and the system calls on them. Numbers follow
 * sys/kern/syscalls.master.
 */

import { done } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { type Component, component } from './component.ts';
import { type FdOps, Files } from './filedesc.ts';
import { fdops } from './kern_descrip.ts';
import { fd_fork, fd_free } from './kern_descrip_proc.ts';
import type { Kernel } from './kernel.ts';
import { kmem_othersleft } from './subr_kmem.ts';
import { fail } from './subr_prf.ts';
import { sys_close, sys_dup, sys_dup2, sys_dup3, sys_fcntl, sys_fstat } from './sys_descrip.ts';
import {
  sys_ioctl,
  sys_lseek,
  sys_pread,
  sys_preadv,
  sys_pwrite,
  sys_pwritev,
  sys_read,
  sys_readv,
  sys_write,
  sys_writev,
} from './sys_generic.ts';
import { sys_pipe, sys_pipe2 } from './sys_pipe.ts';
import { sysent } from './syscall.ts';

export const fileSyscalls = {
  read: sysent(3, sys_read, ['number', 'bytes']),
  write: sysent(4, sys_write, ['number', 'data']),
  close: sysent(6, sys_close, ['number']),
  dup: sysent(41, sys_dup, ['number']),
  pipe: sysent(42, sys_pipe, []),
  ioctl: sysent(54, sys_ioctl, ['number', 'number', 'object?']),
  dup2: sysent(90, sys_dup2, ['number', 'number']),
  fcntl: sysent(92, sys_fcntl, ['number', 'number', 'number?']),
  readv: sysent(120, sys_readv, ['number', 'buffers']),
  writev: sysent(121, sys_writev, ['number', 'datas']),
  pread: sysent(173, sys_pread, ['number', 'bytes', 'number']),
  pwrite: sysent(174, sys_pwrite, ['number', 'data', 'number']),
  lseek: sysent(199, sys_lseek, ['number', 'number', 'number']),
  preadv: sysent(289, sys_preadv, ['number', 'buffers', 'number']),
  pwritev: sysent(290, sys_pwritev, ['number', 'datas', 'number']),
  fstat: sysent(440, sys_fstat, ['number']),
  pipe2: sysent(453, sys_pipe2, ['number']),
  dup3: sysent(454, sys_dup3, ['number', 'number', 'number']),
};

export interface FilesOptions {
  /** Other versions of parts of the descriptor algorithm. */
  readonly ops?: Partial<FdOps>;
}

/** At halt every process has closed its files; one that is open still was not given back. */
function files_stop(k: Kernel): MaySleep<void> {
  const left = k.files?.nfiles ?? 0;
  if (left === 0 || kmem_othersleft(k)) return done(undefined);
  fail('leak', `kernel ${k.name} halts with ${left} open file${left === 1 ? '' : 's'} in use`);
}

/** Makes a files component; one that a program asks for stands in for `files`. */
export function filesComponent(options: FilesOptions = {}): Component {
  const ops = { ...fdops, ...options.ops };
  return component({
    name: 'files',
    syscalls: fileSyscalls,
    boot: (k) => {
      k.files = new Files(ops);
    },
    forkhook: fd_fork,
    exithook: fd_free,
    stop: files_stop,
  });
}

export const files: Component = filesComponent();

/** kern: LWPs, processes, locks, sleeping, system calls. */

export * from './atomic.ts';
export * from './component.ts';
export * from './cpu.ts';
export * from './errno.ts';
export * from './fcntl.ts';
export * from './file.ts';
export * from './file_syscalls.ts';
export * from './filedesc.ts';
export * from './kern_condvar.ts';
export * from './kern_descrip.ts';
export * from './kern_descrip_alloc.ts';
export * from './kern_descrip_proc.ts';
export * from './kern_lwp.ts';
export * from './kern_mutex.ts';
export * from './kern_rwlock.ts';
export * from './kern_sleepq.ts';
export * from './kernel.ts';
export * from './lwp.ts';
export * from './proc.ts';
export * from './subr_lockdebug.ts';
export * from './subr_prf.ts';
export * from './sys_pipe.ts';
export * from './syscall.ts';
export * from './syserror.ts';

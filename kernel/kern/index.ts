/** kern: LWPs, processes, locks, sleeping, system calls. */

export * from './component.ts';
export * from './cpu.ts';
export * from './errno.ts';
export * from './kern_condvar.ts';
export * from './kern_lwp.ts';
export * from './kern_mutex.ts';
export * from './kern_rwlock.ts';
export * from './kern_sleepq.ts';
export * from './kernel.ts';
export * from './lwp.ts';
export * from './proc.ts';
export * from './subr_lockdebug.ts';
export * from './subr_prf.ts';
export * from './syscall.ts';
export * from './syserror.ts';

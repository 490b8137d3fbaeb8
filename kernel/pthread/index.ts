/** Threads and their locks for programs, on _lwp_park(2) and _lwp_unpark(2). */

export * from './barrier.ts';
export * from './cond.ts';
export * from './mutex.ts';
export * from './pthread.ts';
export * from './rwlock.ts';
export * from './sem.ts';

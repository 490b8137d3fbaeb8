/** What searches know of locks: mutex(9), rwlock(9) and their pthread(3) cousins. */

interface LockLike {
  readonly readers?: readonly unknown[];
  readonly owner?: unknown;
  readonly waiters?: readonly unknown[];
  readonly waitingReaders?: readonly unknown[];
  readonly waitingWriters?: readonly unknown[];
}

/** Whether whoever finds this lock taken leaves no mark on it, so that trying can be left out. */
export function isMutex(lock: object): boolean {
  return (lock as LockLike).readers === undefined;
}

/** Who holds it exclusively. */
export function ownerOf(lock: object): unknown {
  return (lock as LockLike).owner;
}

/** Whether an LWP waits for the lock. */
export function isWaitedFor(lock: object): boolean {
  const { waiters, waitingReaders, waitingWriters } = lock as LockLike;
  return [waiters, waitingReaders, waitingWriters].some((queue) => (queue?.length ?? 0) > 0);
}

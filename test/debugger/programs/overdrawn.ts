/** One LWP sleeps with a mutex held, one waits for it, and the first panics with data to look at. */

import {
  type KMutex,
  kpause,
  type MaySleep,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  panic,
  program,
  type Sys,
} from 'rumpus';

class Account {
  owner: string;
  balance: number;
  past: number[] = [];
  constructor(owner: string, balance: number) {
    this.owner = owner;
    this.balance = balance;
  }
}

function withdraw(account: Account, amount: number): number {
  const left = account.balance - amount;
  account.past.push(left);
  if (left < 0) panic(`${account.owner} is overdrawn`);
  return left;
}

function* spend(account: Account, times: number): Generator<void, void, void> {
  for (let i = 0; i < times; i++) {
    account.balance = withdraw(account, 30);
  }
}

function sleeper(lock: KMutex): MaySleep<unknown> {
  return nap(lock);
}

function* nap(lock: KMutex): Generator<void, void, void> {
  yield* mutex_enter(lock);
  const dreams = new Map([
    ['first', { depth: 1 }],
    ['second', { depth: 2 }],
  ]);
  yield* kpause('nap', 'uninterruptible', dreams.size * 1_000_000_000);
  mutex_exit(lock);
}

function waiter(lock: KMutex): MaySleep<unknown> {
  return mutex_enter(lock);
}

export default program({ ncpu: 1 }, function* main(sys: Sys) {
  const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'pillow');
  const account = new Account('alice', 100);
  const squares = Array.from({ length: 250 }, (_, i) => i * i);
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
  const friends = new Set(['bob', 'carol']);
  yield* sys._lwp_create(sleeper, lock, 0);
  yield* sys._lwp_create(waiter, lock, 0);
  yield* sys.mkdir('/home', 0o755);
  yield* sys.nanosleep(1_000_000);
  if (friends.size > 1 && bytes[1] === 1) yield* spend(account, squares.length);
});

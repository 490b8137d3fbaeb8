/** Three LWPs that do little but read and write fields which they share, each time under a lock. */

import {
  curlwp,
  type KMutex,
  lwp_create,
  lwp_start,
  lwp_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

/** Times that each takes the lock, and sums that it makes in between. */
const ROUNDS = 20;
const SUMS = 40;

class Account {
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'account');
  balance = 0;
  deposits = 0;
  largest = 0;
}

function deposit(account: Account, amount: number): void {
  account.balance = account.balance + amount;
  account.deposits = account.deposits + 1;
  if (account.largest < amount) account.largest = amount;
}

function* deposits(account: Account): Generator<void, void, void> {
  for (let round = 0; round < ROUNDS; round++) {
    yield* mutex_enter(account.lock);
    for (let i = 0; i < SUMS; i++) {
      deposit(account, i);
      account.balance = account.balance - account.largest;
    }
    mutex_exit(account.lock);
  }
}

export default program({ components: [] }, function* main() {
  const l = curlwp();
  const account = new Account();
  const lids = ['one', 'two', 'three'].map((name) => {
    const other = lwp_create(l.proc, deposits, account, name);
    lwp_start(other);
    return other.lid;
  });
  for (const lid of lids) yield* lwp_wait(l, lid);
});

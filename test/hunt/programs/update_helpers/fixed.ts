/** An account whose deposits hold a mutex around the calls. */

import { MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc, program } from 'rumpus';
import { lwps } from '../kit.ts';

class Account {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'account');
  balance = 100;
}

function get(account: Account): number {
  return account.balance;
}

function set(account: Account, balance: number): void {
  account.balance = balance;
}

function* deposit(account: Account, amount: number): Generator<void, void, void> {
  yield* mutex_enter(account.lock);
  set(account, get(account) + amount);
  mutex_exit(account.lock);
}

export default program({ components: [] }, function* main() {
  const account = new Account();
  yield* lwps({ ten: () => deposit(account, 10), twenty: () => deposit(account, 20) });
  if (account.balance !== 130) throw new Error(`helpers: the balance is ${account.balance}`);
});

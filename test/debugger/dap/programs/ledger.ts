/** Two tellers pay into one account, without a lock; an audit panics when a payment is lost. */

import { panic, preempt, printf, program, type Sys, SysError } from 'rumpus';

class Account {
  name: string;
  balance = 0;
  /** A block as a disk would have it. */
  block = new Uint8Array(16);

  constructor(name: string) {
    this.name = name;
  }
}

function* teller(account: Account): Generator<void, void, void> {
  const before = account.balance;
  yield* preempt();
  account.balance = before + 10;
  account.block[0] = account.balance;
}

function* openBank(sys: Sys): Generator<void, void, void> {
  yield* sys.mkdir('/bank', 0o755);
  try {
    yield* sys.mkdir('/bank', 0o755);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    printf('the bank is there already\n');
  }
}

function audit(account: Account): void {
  if (account.balance !== 20) panic(`${account.name} has ${account.balance}`);
}

export default program({ ncpu: 2, preempt: true }, function* main(sys) {
  printf('the bank opens\n');
  yield* openBank(sys);
  const account = new Account('savings');
  const one = yield* sys._lwp_create(teller, account, 0, 'one');
  const two = yield* sys._lwp_create(teller, account, 0, 'two');
  yield* sys._lwp_wait(one);
  yield* sys._lwp_wait(two);
  audit(account);
});

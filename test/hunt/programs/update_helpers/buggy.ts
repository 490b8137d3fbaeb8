/**
 * A lost update through plain functions: nothing in the generator names the field.
 *
 * Bug      get() and set() are one step each; the deposit that calls both is not.
 * Needs    One preemption between two calls in one statement.
 */

import { expectVerdict, program } from 'rumpus';
import { lwps } from '../kit.ts';

class Account {
  balance = 100;
}

function get(account: Account): number {
  return account.balance;
}

function set(account: Account, balance: number): void {
  account.balance = balance;
}

function* deposit(account: Account, amount: number): Generator<void, void, void> {
  set(account, get(account) + amount);
}

const expect = expectVerdict('program-error', /helpers: the balance is \d+/);

export default program({ components: [], expect }, function* main() {
  const account = new Account();
  yield* lwps({ ten: () => deposit(account, 10), twenty: () => deposit(account, 20) });
  if (account.balance !== 130) throw new Error(`helpers: the balance is ${account.balance}`);
});

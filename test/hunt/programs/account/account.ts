/** Two threads change an account, a third looks at it when both have done so. */

import { pthread_mutex_init, pthread_mutex_lock, pthread_mutex_unlock } from 'rumpus';
import { threads } from '../kit.ts';

const START = 1;
const PAID_IN = 2;
const PAID_OUT = 4;

class Account {
  readonly lock = pthread_mutex_init('account');
  balance = START;
  depositDone = false;
  withdrawDone = false;
}

function* deposit(account: Account): Generator<void, void, void> {
  yield* pthread_mutex_lock(account.lock);
  account.balance = account.balance + PAID_IN;
  account.depositDone = true;
  yield* pthread_mutex_unlock(account.lock);
}

function* withdraw(account: Account): Generator<void, void, void> {
  yield* pthread_mutex_lock(account.lock);
  account.balance = account.balance - PAID_OUT;
  account.withdrawDone = true;
  yield* pthread_mutex_unlock(account.lock);
}

function* check(account: Account, expected: number): Generator<void, void, void> {
  yield* pthread_mutex_lock(account.lock);
  if (account.depositDone && account.withdrawDone && account.balance !== expected) {
    throw new Error(`account: the balance is ${account.balance}, not ${expected}`);
  }
  yield* pthread_mutex_unlock(account.lock);
}

/** The whole program, with what the checker believes the end to be. */
export function* transact(
  expect: (start: number, paidIn: number, paidOut: number) => number,
): Generator<void, void, void> {
  const account = new Account();
  yield* threads({
    deposit: () => deposit(account),
    check: () => check(account, expect(START, PAID_IN, PAID_OUT)),
    withdraw: () => withdraw(account),
  });
}

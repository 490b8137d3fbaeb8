/** Values of fields, as reports find them. */

import { expect, test } from 'vitest';
import { UNSEEN, valueIn } from '../../../debugger/hunt/report/values.ts';

class Account {
  #balance = 100;
  owner = 'root';
  balance(): number {
    return this.#balance;
  }
}

test('a private field has a value that is not seen, which is not undefined', () => {
  const account = new Account();
  expect(account.balance()).toBe(100);
  expect(valueIn(account, '#balance')).toBe(UNSEEN);
  expect(valueIn(account, 'owner')).toBe('root');
  expect(valueIn(account, 'nothing')).toBe(undefined);
});

/** account, with the checker's sum right. */

import { program } from 'rumpus';
import { transact } from './account.ts';

export default program({ components: [] }, function* main() {
  yield* transact((start, paidIn, paidOut) => start + paidIn - paidOut);
});

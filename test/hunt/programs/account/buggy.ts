/**
 * account, of Cordeiro and Fischer's concurrent-software benchmarks (ICSE 2011; SCTBench CS).
 *
 * Bug      The checker has the sign of the deposit wrong, which it can only see when it comes last.
 * Needs    One ordering: the checker, started second, runs after both others.
 */

import { expectVerdict, program } from 'rumpus';
import { transact } from './account.ts';

const expect = expectVerdict('program-error', /account: the balance is/);

export default program({ components: [], expect }, function* main() {
  yield* transact((start, paidIn, paidOut) => start - paidIn - paidOut);
});

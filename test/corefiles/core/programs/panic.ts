/** panic(9) out of a plain function, below two generators and a system call. */

import { type MaySleep, panic, program, type Sys } from 'rumpus';

interface Account {
  owner: string;
  balance: number;
}

function withdraw(account: Account, amount: number): number {
  const left = account.balance - amount;
  if (left < 0) panic(`${account.owner} is overdrawn`);
  return left;
}

function* spend(account: Account, times: number): Generator<void, void, void> {
  for (let i = 0; i < times; i++) {
    account.balance = withdraw(account, 30);
  }
}

function sleeper(seconds: number): MaySleep<unknown> {
  return nap(seconds);
}

function* nap(seconds: number): Generator<void, void, void> {
  const state = { seconds, dreams: ['kernel', 'core'] };
  yield* sysOf(state).nanosleep(seconds * 1_000_000_000);
}

let theSys: Sys | undefined;

function sysOf(state: { seconds: number }): Sys {
  if (theSys === undefined) throw new Error(`no sys for ${state.seconds}`);
  return theSys;
}

export default program({ components: [], ncpu: 1 }, function* main(sys: Sys) {
  theSys = sys;
  const account: Account = { owner: 'alice', balance: 100 };
  yield* sys._lwp_create(sleeper, 5, 0);
  yield* sys.nanosleep(1_000_000);
  yield* spend(account, 10);
});

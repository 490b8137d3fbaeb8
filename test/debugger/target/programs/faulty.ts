/** `faulty NAME`: one of many ways in which a program can be hard on its debugger. */

import { kpause, type MaySleep, panic, program, type Sys } from 'rumpus';

type Body = (sys: Sys) => Generator<void, void, void>;

function spin(): void {
  let turns = 0;
  for (;;) turns = (turns + 1) % 1000;
}

function* inner(sys: Sys): Generator<void, void, void> {
  for (;;) yield* sys.getpid();
}

function* outer(sys: Sys): Generator<void, void, void> {
  yield* inner(sys);
}

/** Plain calls, as deep as `left` says; the innermost one panics. */
function plain(left: number): number {
  const mine = left * 2;
  if (left === 0) panic('the bottom');
  return plain(left - 1) + mine;
}

function* nest(left: number): Generator<void, number, void> {
  const mine = left * 3;
  if (left === 0) return plain(1900);
  return (yield* nest(left - 1)) + mine;
}

function nap(number: number): MaySleep<unknown> {
  return rest(number);
}

function* rest(number: number): Generator<void, void, void> {
  const mine = number;
  yield* kpause('rest', 'uninterruptible', 1_000_000_000_000);
  if (mine < 0) panic('a negative number');
}

const THROWN: Readonly<Record<string, unknown>> = {
  null: null,
  undefined: undefined,
  number: 42,
  text: 'text',
  object: { depth: 1 },
};

const BODIES: Readonly<Record<string, Body>> = {
  *statements() {
    let turns = 0;
    for (;;) {
      turns++;
      if (turns < 0) panic('an overflow');
    }
  },
  *empty() {
    for (;;);
  },
  *plain() {
    spin();
  },
  chain: outer,
  *comparator() {
    const many = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
    for (;;) many.sort((a, b) => a - b || b - a).reverse();
  },
  *expression() {
    if (/^(a+)+$/.test(`${'a'.repeat(48)}b`)) panic('it matches');
  },
  *memory(sys) {
    const kept: number[][] = [];
    for (;;) {
      kept.push(new Array<number>(1000).fill(kept.length));
      yield* sys.getpid();
    }
  },
  *deep() {
    yield* nest(1900);
  },
  *overflow() {
    plain(100_000);
  },
  *many(sys) {
    for (let i = 0; i < 300; i++) yield* sys._lwp_create(nap, i, 0);
    yield* sys.nanosleep(1_000_000);
    panic('all of them sleep');
  },
  *reboot(sys) {
    yield* sys.reboot(0);
  },
  *exit(sys) {
    yield* sys._exit(3);
  },
  *work(sys) {
    const account = { balance: 100 };
    yield* sys._lwp_create(nap, 1, 0);
    for (let turn = 0; turn < 50; turn++) {
      account.balance += turn;
      yield* sys.mkdir(`/${turn}`, 0o755);
    }
    yield* sys._exit(0);
  },
};

export default program({ ncpu: 1, budget: 1e12 }, function* main(sys, { args: [name, what] }) {
  yield* sys.getpid();
  if (name === 'throw') throw THROWN[what];
  yield* BODIES[name](sys);
});

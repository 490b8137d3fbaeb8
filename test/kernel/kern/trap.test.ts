/** Traps: what the kernel's code throws ends the run, whatever the program does about it. */

import { expect, test } from 'vitest';
import { component, type Lwp, type SysOf, sysent, tmpfs } from '../../../kernel/index.ts';
import type { Sys } from '../../../kernel/index.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';
import { run } from '../harness.ts';

function* sleepy(_l: Lwp, n: number): Generator<void, number, void> {
  const table: { value: number }[] = [];
  return table[n].value;
}

function plain(_l: Lwp, n: number): MaySleep<number> {
  throw new Error(`table ${n} is broken`);
}

const calls = {
  sleepy: sysent(0, sleepy, ['number']),
  plain: sysent(0, plain, ['number']),
} as const;
const broken = component({ name: 'broken', syscalls: calls });
type BrokenSys = Sys & SysOf<typeof calls>;

const WAYS = [
  ['sleepy', /TypeError: .*'value'/],
  ['plain', /Error: table 3 is broken/],
] as const;

for (const [name, sentence] of WAYS) {
  test(`a program cannot catch a trap in a ${name} system call (DESIGN.md, Verdicts)`, () => {
    let caught = false;
    const { outcome } = run({ components: [tmpfs, broken] }, function* main(sys) {
      try {
        yield* (sys as BrokenSys)[name](3);
      } catch {
        caught = true;
      }
    });
    expect(outcome.verdict).toBe('trap');
    expect(outcome.message).toMatch(sentence);
    expect(caught).toBe(false);
  });

  test(`a finally that makes system calls leaves a ${name} trap a trap`, () => {
    const { outcome } = run({ components: [tmpfs, broken] }, function* main(sys) {
      try {
        yield* (sys as BrokenSys)[name](3);
      } finally {
        yield* sys.getpid();
      }
    });
    expect(outcome.verdict).toBe('trap');
  });
}

/** Values that a program may throw, with what is said of them. */
const THROWN: readonly (readonly [unknown, string])[] = [
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [{ code: 3 }, 'an object was thrown: {"code":3}'],
  [Symbol('s'), 'Symbol(s)'],
  [hostile(), 'a value was thrown that cannot be shown'],
];

function hostile(): object {
  const refuse = () => {
    throw new Error('no');
  };
  return new Proxy({}, { get: refuse, ownKeys: refuse });
}

for (const [value, sentence] of THROWN) {
  test(`a program that throws is told "${sentence}"`, () => {
    const { outcome } = run({}, function* main() {
      throw value;
    });
    expect(outcome.verdict).toBe('program-error');
    expect(outcome.message).toBe(sentence);
  });
}

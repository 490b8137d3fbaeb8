/** rwlock(9). */

import { expect, test } from 'vitest';
import type { Main } from '../../../kernel/api.ts';
import {
  curlwp,
  type KRwlock,
  lwp_create,
  lwp_start,
  lwp_wait,
  preempt,
  RW_READER,
  RW_WRITER,
  rw_destroy,
  rw_downgrade,
  rw_enter,
  rw_exit,
  rw_init,
  rw_lock_held,
  rw_obj_alloc,
  rw_read_held,
  rw_tryenter,
  rw_tryupgrade,
  rw_write_held,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';
import { caught, silent, together } from '../parallel.ts';

const BARE = { components: [] };

/** What two writers and two readers do to two numbers that are always equal under the lock. */
function consistency(upgrade: (rw: KRwlock) => boolean): Main {
  return function* main() {
    const rw = rw_obj_alloc('pair');
    const pair = { a: 0, b: 0 };
    function* write(): Generator<void, void, void> {
      yield* rw_enter(rw, RW_WRITER);
      pair.a++;
      yield* preempt();
      pair.b++;
      rw_exit(rw);
    }
    function* read(): Generator<void, void, void> {
      yield* rw_enter(rw, RW_READER);
      const a = pair.a;
      yield* preempt();
      if (a !== pair.b) throw new Error('a reader saw half an update');
      rw_exit(rw);
    }
    function* readThenWrite(): Generator<void, void, void> {
      yield* rw_enter(rw, RW_READER);
      if (upgrade(rw)) {
        pair.a++;
        yield* preempt();
        pair.b++;
      }
      rw_exit(rw);
    }
    yield* together(write, read, readThenWrite, write, read);
    expect(pair.a).toBe(pair.b);
    expect(rw_lock_held(rw)).toBe(false);
  };
}

/** The buggy twin of rw_tryupgrade: it does not look whether there are other readers. */
function upgradeUnchecked(rw: KRwlock): boolean {
  rw.readers.splice(rw.readers.indexOf(curlwp()), 1);
  rw.owner = curlwp();
  return true;
}

test('readers never see half of what a writer does, under any schedule (rwlock(9))', () => {
  silent(consistency(rw_tryupgrade));
});

test('an upgrade that does not look for other readers is caught', () => {
  const main = consistency(upgradeUnchecked);
  expect(caught(main, 'program-error', /half an update/, { lockdebug: false })).toBeGreaterThan(20);
});

test('several readers hold it at once, a writer holds it alone (rwlock(9))', () => {
  passes(BARE, function* main() {
    const rw = rw_obj_alloc('rw');
    yield* rw_enter(rw, RW_READER);
    expect(rw_tryenter(rw, RW_WRITER)).toBe(false);
    yield* together(function* reader() {
      expect(rw_tryenter(rw, RW_READER)).toBe(true);
      expect(rw_read_held(rw)).toBe(true);
      rw_exit(rw);
    });
    rw_exit(rw);
    yield* rw_enter(rw, RW_WRITER);
    expect(rw_write_held(rw)).toBe(true);
    yield* together(function* reader() {
      expect(rw_tryenter(rw, RW_READER)).toBe(false);
      expect(rw_write_held(rw)).toBe(false);
    });
    rw_exit(rw);
  });
});

test('rw_tryupgrade fails while there is another reader (rwlock(9))', () => {
  passes(BARE, function* main() {
    const rw = rw_obj_alloc('rw');
    yield* rw_enter(rw, RW_READER);
    yield* together(function* reader() {
      yield* rw_enter(rw, RW_READER);
      expect(rw_tryupgrade(rw)).toBe(false);
      rw_exit(rw);
    });
    expect(rw_tryupgrade(rw)).toBe(true);
    expect(rw_write_held(rw)).toBe(true);
    rw_downgrade(rw);
    expect(rw_read_held(rw)).toBe(true);
    rw_exit(rw);
  });
});

test('a reader waits behind a waiting writer, and comes in before the next (kern_rwlock.c)', () => {
  passes({ components: [], ncpu: 1 }, function* main(sys) {
    const rw = rw_obj_alloc('rw');
    const order: string[] = [];
    const enter = (name: string, op: 0 | 1) =>
      function* waiter(): Generator<void, void, void> {
        yield* rw_enter(rw, op);
        order.push(name);
        rw_exit(rw);
      };
    const l = curlwp();
    yield* rw_enter(rw, RW_READER);
    const lids: number[] = [];
    for (const [name, op] of [
      ['w1', RW_WRITER],
      ['r1', RW_READER],
      ['w2', RW_WRITER],
      ['r2', RW_READER],
    ] as const) {
      const other = lwp_create(l.proc, enter(name, op), undefined, name);
      lwp_start(other);
      lids.push(other.lid);
      yield* sys.nanosleep(1e6);
    }
    expect(order).toEqual([]);
    rw_exit(rw);
    for (const lid of lids) yield* lwp_wait(l, lid);
    expect(order.indexOf('w1')).toBe(0);
    expect(order.indexOf('w2')).toBe(3);
  });
});

test('two locks taken in both orders deadlock, and the cycle names them (DESIGN.md)', () => {
  function* main(): Generator<void, void, void> {
    const a = rw_obj_alloc('a');
    const b = rw_obj_alloc('b');
    yield* together(
      function* one() {
        yield* rw_enter(a, RW_READER);
        yield* rw_enter(b, RW_WRITER);
        rw_exit(b);
        rw_exit(a);
      },
      function* two() {
        yield* rw_enter(b, RW_READER);
        yield* rw_enter(a, RW_WRITER);
        rw_exit(a);
        rw_exit(b);
      },
    );
  }
  expect(caught(main, 'deadlock', /waits for [ab] held by LWP/)).toBeGreaterThan(20);
});

const MISUSE: readonly [string, RegExp, (rw: KRwlock) => Generator<void, void, void>][] = [
  [
    'releasing a lock that the LWP does not hold',
    /does not hold it/,
    function* misuse(rw) {
      rw_exit(rw);
    },
  ],
  [
    'entering as a writer twice',
    /locking against myself: rwlock rw/,
    function* misuse(rw) {
      yield* rw_enter(rw, RW_WRITER);
      yield* rw_enter(rw, RW_WRITER);
    },
  ],
  [
    'a reader that enters as a writer',
    /reads it and wants to write/,
    function* misuse(rw) {
      yield* rw_enter(rw, RW_READER);
      yield* rw_enter(rw, RW_WRITER);
    },
  ],
  [
    'destroying a held lock',
    /rwlock rw is destroyed while held/,
    function* misuse(rw) {
      yield* rw_enter(rw, RW_READER);
      rw_destroy(rw);
    },
  ],
  [
    'using a destroyed lock',
    /rwlock rw is used after it was destroyed/,
    function* misuse(rw) {
      rw_destroy(rw);
      yield* rw_enter(rw, RW_READER);
    },
  ],
  [
    'initialising a live lock',
    /rwlock rw is initialised twice/,
    function* misuse(rw) {
      rw_destroy(rw);
      rw_init(rw);
      rw_init(rw);
    },
  ],
];

test.each(MISUSE)('%s is a kassert (rwlock(9), LOCKDEBUG)', (_what, message, misuse) => {
  const { outcome } = run(BARE, function* main() {
    yield* misuse(rw_obj_alloc('rw'));
  });
  expect(outcome.verdict).toBe('kassert');
  expect(outcome.message).toMatch(message);
});

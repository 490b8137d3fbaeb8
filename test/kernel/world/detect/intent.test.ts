import { describe, expect, test } from 'vitest';
import { hooks } from '../../../../kernel/hooks.ts';
import {
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
} from '../../../../kernel/kern/kern_mutex.ts';
import { preempt } from '../../../../kernel/kern/kern_sleepq.ts';
import {
  ASSERT_EXCLUSIVE_ACCESS,
  ASSERT_EXCLUSIVE_WRITER,
  atomic_begin,
  atomic_end,
  data_race,
  invariant,
  invoked,
  linearizable,
  newHistory,
  responded,
} from '../../../../kernel/world/detect/index.ts';
import { orderProblem } from '../../../../kernel/world/detect/linearizable.ts';
import { together } from '../../parallel.ts';
import { bump, Cell, get, put, SITES, silent, watch, watchAll } from './watched.ts';

const RACE = ['race'] as const;
const ATOMICITY = ['atomicity'] as const;

/** What `data_race(() => c.value)` and its write are in the access image. */
const lookAt = (c: Cell) =>
  data_race(() => {
    hooks.accesses.readPlain(c, SITES);
    return c.value;
  });
const set = (c: Cell, value: number) =>
  data_race(() => {
    hooks.accesses.writePlain(c, SITES - 1);
    c.value = value;
  });

describe('data_race()', () => {
  test('is no race with plain writes, and one without it is', () => {
    const c = new Cell();
    const main = (look: () => Generator<void, unknown, void>) =>
      function* () {
        yield* together(look, () => put(c, 1));
      };
    silent(
      RACE,
      main(function* () {
        return lookAt(c);
      }),
    );
    expect(
      watchAll(
        RACE,
        {},
        main(() => get(c)),
        20,
      ).reports,
    ).toHaveLength(20);
  });

  test('gives the value, and lets what is thrown through', () => {
    expect(data_race(() => 7)).toBe(7);
    expect(() =>
      data_race(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(hooks.accesses.marked).toBe(0);
  });
});

describe('ASSERT_EXCLUSIVE', () => {
  const claimed = (
    claim: (object: object, key: unknown) => void,
    other: (c: Cell) => void,
    m: { lock: KMutex | null },
  ) =>
    function* () {
      const c = new Cell();
      const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
      const inside = (body: () => void) =>
        function* () {
          if (m.lock !== null) yield* mutex_enter(lock);
          yield* preempt();
          body();
          yield* preempt();
          if (m.lock !== null) mutex_exit(lock);
        };
      const claims = () => {
        claim(c, 'value');
        set(c, 1);
      };
      yield* together(
        inside(claims),
        inside(() => other(c)),
      );
    };

  test('_WRITER allows others to read, and tells of one that writes, even where it is marked', () => {
    const reads = claimed(ASSERT_EXCLUSIVE_WRITER, lookAt, { lock: null });
    expect(watchAll(RACE, {}, reads, 60).reports).toHaveLength(0);
    const writes = claimed(ASSERT_EXCLUSIVE_WRITER, (c) => set(c, 2), { lock: null });
    const { reports } = watchAll(RACE, {}, writes, 60);
    expect(reports.length).toBeGreaterThan(10);
    expect(reports[0].message).toMatch(
      /writes Cell#1\.value at .*which LWP 2 \(t0\) claimed for itself/,
    );
  });

  test('_ACCESS tells of readers too, and of nobody whom a lock keeps out', () => {
    const reads = claimed(ASSERT_EXCLUSIVE_ACCESS, lookAt, { lock: null });
    expect(watchAll(RACE, {}, reads, 60).reports.length).toBeGreaterThan(10);
    const lock = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
    silent(RACE, claimed(ASSERT_EXCLUSIVE_ACCESS, lookAt, { lock }));
  });
});

describe('a region that is not atomic', () => {
  type Body = (c: Cell) => Generator<void, unknown, void>;
  const region = (inside: Body, other: Body) =>
    function* () {
      const c = new Cell();
      yield* together(
        function* () {
          const r = atomic_begin('region');
          yield* inside(c);
          atomic_end(r);
        },
        () => other(c),
      );
    };
  const twice = (a: Body, b: Body): Body =>
    function* (c) {
      yield* a(c);
      yield* b(c);
    };
  const write: Body = (c) => put(c, 1);

  test.each<[string, Body, Body]>([
    ['R-W-R', twice(get, get), write],
    ['W-W-R', twice(write, get), write],
    ['R-W-W', twice(get, write), write],
    ['W-R-W', twice(write, write), get],
  ])('is found: %s (AVIO, Lu et al., ASPLOS 2006)', (_name, inside, other) => {
    const { verdicts, reports } = watchAll(ATOMICITY, {}, region(inside, other), 100);
    expect(Object.keys(verdicts).sort()).toEqual(['invariant', 'passed']);
    expect(reports[0].message).toMatch(
      /^the region 'region' of LWP 2 \(t0\) is not atomic: LWP 3 \(t1\) (wrote|read) Cell#1\.value at/,
    );
  });

  test.each<[string, Body, Body]>([
    ['R-R-R', twice(get, get), get],
    ['R-R-W', twice(get, write), get],
    ['W-R-R', twice(write, get), get],
  ])('is none: %s', (_name, inside, other) => silent(ATOMICITY, region(inside, other)));

  test('is found over two variables and two other LWPs', () => {
    const main = function* () {
      const [x, y, z] = [new Cell(), new Cell(), new Cell()];
      yield* together(
        function* () {
          const r = atomic_begin('both');
          yield* put(x, 1);
          yield* put(y, 1);
          atomic_end(r);
        },
        function* () {
          yield* get(x);
          yield* put(z, 1);
        },
        function* () {
          yield* get(z);
          yield* get(y);
        },
      );
    };
    const { verdicts } = watchAll(ATOMICITY, {}, main, 500);
    expect(verdicts['invariant']).toBeGreaterThan(0);
  });

  test('is none under one lock, and is one under two critical sections', () => {
    const main = (sections: 1 | 2) =>
      function* () {
        const c = new Cell();
        const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm');
        const body = function* () {
          const r = atomic_begin('add');
          yield* mutex_enter(m);
          const value = yield* get(c);
          if (sections === 2) {
            mutex_exit(m);
            yield* mutex_enter(m);
          }
          yield* put(c, value + 1);
          mutex_exit(m);
          atomic_end(r);
        };
        yield* together(body, body);
      };
    silent(ATOMICITY, main(1));
    expect(watchAll(ATOMICITY, {}, main(2), 100).verdicts['invariant']).toBeGreaterThan(0);
  });
});

describe('an invariant', () => {
  const transfer = (m: KMutex | null) =>
    function* () {
      const c = new Cell();
      invariant('the sum is 0', () => m?.owner != null || c.value + c.other === 0);
      yield* together(
        function* () {
          if (m !== null) yield* mutex_enter(m);
          c.value--;
          yield* preempt();
          c.other++;
          if (m !== null) mutex_exit(m);
        },
        function* () {
          yield* preempt();
        },
      );
    };

  test('that is broken at a switch ends the run, naming who ran', () => {
    const { verdicts } = watchAll([], {}, transfer(null), 100);
    expect(Object.keys(verdicts).sort()).toEqual(['invariant', 'passed']);
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const ran = seeds.map((seed) => watch(null, {}, seed, transfer(null)).outcome);
    const broken = ran.find(({ verdict }) => verdict === 'invariant');
    expect(broken?.message).toBe("the invariant 'the sum is 0' does not hold after LWP 2 (t0) ran");
  });

  test('that holds is silent, and counts nothing', () => {
    silent([], function* () {
      yield* transfer(mutex_obj_alloc(MUTEX_DEFAULT, 'm'))();
    });
    const icounts = [true, false].map((checked) => {
      const main = function* () {
        void (checked ? invariant('true', () => true) : invariant('false', () => 1 < 2));
        yield* together(() => bump(new Cell()));
      };
      return watch(null, {}, 1, main).outcome.icount;
    });
    expect(icounts[0]).toBe(icounts[1]);
  });
});

describe('linearisability', () => {
  const counter = {
    initial: () => 0,
    apply: (state: number, name: string): readonly [number, unknown] =>
      name === 'add' ? [state + 1, state] : [state, state],
  };

  test('of a history with an order holds, whatever overlaps', () => {
    const h = newHistory('counter');
    const a = invoked(h, 'add');
    const b = invoked(h, 'add');
    responded(b, 0);
    responded(a, 1);
    invoked(h, 'add');
    responded(invoked(h, 'get'), 3);
    expect(orderProblem(h, counter)).toBeUndefined();
  });

  test('of one without an order fails, naming what cannot come next', () => {
    const h = newHistory('counter');
    responded(invoked(h, 'add'), 0);
    responded(invoked(h, 'get'), 0);
    expect(orderProblem(h, counter)).toBe(
      "'counter' is not linearisable: after add() = 0 of LWP 0 nothing can come next of get() = 0 of LWP 0",
    );
  });

  test('is checked at the end of a run: a lost update is found, a locked counter passes', () => {
    const main = (m: KMutex | null) =>
      function* () {
        const c = new Cell();
        const h = newHistory('counter');
        const add = function* () {
          const op = invoked(h, 'add');
          if (m !== null) yield* mutex_enter(m);
          const value = yield* get(c);
          yield* put(c, value + 1);
          if (m !== null) mutex_exit(m);
          responded(op, value);
        };
        yield* together(add, add);
        linearizable(h, counter);
      };
    const { verdicts } = watchAll([], {}, main(null), 100);
    expect(Object.keys(verdicts).sort()).toEqual(['invariant', 'passed']);
    silent([], function* () {
      yield* main(mutex_obj_alloc(MUTEX_DEFAULT, 'm'))();
    });
  });
});

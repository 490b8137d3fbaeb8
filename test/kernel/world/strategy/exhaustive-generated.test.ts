/**
 * Exhaustive search against all schedules there are, on small programs that fast-check makes: the same
 * final states, the same classes, none of them twice.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AtomicUint,
  atomic_add_int_nv,
  cv_broadcast,
  cv_init,
  cv_signal,
  cv_wait,
  kpause,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  mutex_tryenter,
  RW_READER,
  RW_WRITER,
  rw_enter,
  rw_exit,
  rw_obj_alloc,
  sem_init,
  sem_post,
  sem_wait,
  type Sem,
} from '../../../../kernel/index.ts';
import { together } from '../../parallel.ts';
import { Cell, cleverly, load, naively, type Program, store } from './searching.ts';

/** What an LWP may do; `at` says to which of the variables. */
type Kind =
  | 'read'
  | 'write'
  | 'locked write'
  | 'atomic'
  | 'try'
  | 'shared read'
  | 'exclusive write'
  | 'post'
  | 'wait'
  | 'lock'
  | 'unlock'
  | 'spawn'
  | 'sleep'
  | 'cv wait'
  | 'cv signal'
  | 'cv broadcast';

interface Op {
  readonly kind: Kind;
  readonly at: number;
}

class Shared {
  readonly cells = [new Cell('x'), new Cell('y')];
  readonly mutexes = ['m', 'n'].map((name) => mutex_obj_alloc(MUTEX_DEFAULT, name));
  readonly atomics = ['a', 'b'].map((name) => Object.assign(new AtomicUint(), { name }));
  readonly rwlocks = ['r', 's'].map((name) => rw_obj_alloc(name));
  readonly sems = ['p', 'q'].map((name) => sem_init(0, name) as Sem);
  readonly cv = Object.assign(cv_init('cv'), { name: 'cv' });
  readonly guard = mutex_obj_alloc(MUTEX_DEFAULT, 'g');
  readonly locked = [0, 0];
  /** What the LWPs saw. */
  readonly seen = new Map<number, number[]>();
}

function* perform(s: Shared, who: number, ops: readonly Op[]): Generator<void, void, void> {
  const seen: number[] = [];
  s.seen.set(who, seen);
  const held: number[] = [];
  for (const { kind, at } of ops) {
    const cell = s.cells[at];
    switch (kind) {
      case 'read':
        seen.push(yield* load(cell));
        break;
      case 'write':
        yield* store(cell, who * 10 + seen.length);
        break;
      case 'locked write':
        yield* mutex_enter(s.mutexes[at]);
        s.locked[at] = s.locked[at] * 3 + who;
        mutex_exit(s.mutexes[at]);
        break;
      case 'atomic':
        seen.push(atomic_add_int_nv(s.atomics[at], who));
        break;
      case 'try':
        if (held.includes(at)) break;
        seen.push(mutex_tryenter(s.mutexes[at]) ? 1 : 0);
        if (seen[seen.length - 1] === 1) mutex_exit(s.mutexes[at]);
        break;
      case 'lock':
        if (held.length > 0) break;
        yield* mutex_enter(s.mutexes[at]);
        held.push(at);
        break;
      case 'unlock':
        if (held.length > 0) mutex_exit(s.mutexes[held.pop()!]);
        break;
      case 'shared read':
        yield* rw_enter(s.rwlocks[at], RW_READER);
        seen.push(yield* load(cell));
        rw_exit(s.rwlocks[at]);
        break;
      case 'exclusive write':
        yield* rw_enter(s.rwlocks[at], RW_WRITER);
        yield* store(cell, who);
        rw_exit(s.rwlocks[at]);
        break;
      case 'post':
        void (yield* sem_post(s.sems[at]));
        break;
      case 'wait':
        void (yield* sem_wait(s.sems[at]));
        break;
      case 'spawn':
        yield* together(() => perform(s, who + 5, [{ kind: 'write', at }]));
        break;
      case 'sleep':
        void (yield* kpause('sleep', 'uninterruptible', 1e9 * (at + 1)));
        break;
      case 'cv wait':
        yield* mutex_enter(s.guard);
        yield* cv_wait(s.cv, s.guard);
        mutex_exit(s.guard);
        break;
      case 'cv signal':
      case 'cv broadcast':
        yield* mutex_enter(s.guard);
        if (kind === 'cv signal') cv_signal(s.cv);
        else cv_broadcast(s.cv);
        mutex_exit(s.guard);
        break;
    }
  }
  for (const at of held) mutex_exit(s.mutexes[at]);
}

function programOf(bodies: readonly (readonly Op[])[], options: Program['options']): Program {
  return {
    options,
    make() {
      const s = new Shared();
      return {
        *main() {
          yield* together(...bodies.map((ops, i) => () => perform(s, i + 1, ops)));
        },
        state: () =>
          JSON.stringify([
            s.cells,
            s.locked,
            s.atomics,
            s.sems.map((sem) => sem.value),
            [...s.seen].sort(),
          ]),
      };
    },
  };
}

function bodies(kinds: readonly Kind[], lwps: number, ops: number) {
  const op = fc.record({ kind: fc.constantFrom(...kinds), at: fc.constantFrom(0, 1) });
  return fc.array(fc.array(op, { minLength: 1, maxLength: ops }), {
    minLength: 2,
    maxLength: lwps,
  });
}

/** Most schedules of a program that is compared; larger ones are passed over. */
const SCHEDULES_MAX = 1500;

const RUNS = Number(process.env['RUMPUS_FUZZ'] ?? 15);

/** Compares on `RUNS` programs. */
function same(
  kinds: readonly Kind[],
  lwps: number,
  ops: number,
  options: Program['options'],
  compare: 'classes' | 'states' = 'classes',
): void {
  let compared = 0;
  fc.assert(
    fc.property(bodies(kinds, lwps, ops), (all) => {
      const p = programOf(all, options);
      let naive: ReturnType<typeof naively>;
      try {
        naive = naively(p, SCHEDULES_MAX, compare === 'classes');
      } catch (error) {
        if (/more than/.test(String(error))) return;
        throw error;
      }
      compared++;
      const found = cleverly(p, {}, SCHEDULES_MAX);
      expect(found.strategy.certificate()).toMatch(/^all/);
      expect([...found.states].sort()).toEqual([...naive.states].sort());
      if (compare === 'states') return;
      expect([...found.classes.keys()].sort()).toEqual([...naive.classes.keys()].sort());
      expect([...found.classes.values()].every((times) => times === 1)).toBe(true);
      expect(found.strategy.classes).toBe(naive.classes.size);
      expect(found.strategy.blocked).toBe(0);
    }),
    { seed: Number(process.env['RUMPUS_SEED'] ?? 4), numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS / 4);
}

test('reads and writes', () => {
  same(['read', 'write'], 3, 3, {});
});

test('two variables and two LWPs, longer', () => {
  same(['read', 'write'], 2, 4, {});
});

test('locks and atomics', () => {
  same(['locked write', 'atomic', 'read', 'write'], 3, 2, {});
});

test('critical sections of several steps, and tries', () => {
  same(['lock', 'unlock', 'try', 'atomic', 'write'], 3, 3, {});
});

test('rwlocks', () => {
  same(['shared read', 'exclusive write', 'read'], 3, 2, {});
});

test('semaphores', () => {
  same(['post', 'wait', 'write'], 3, 2, {});
});

test('condition variables, of which some wait for ever', () => {
  same(['cv wait', 'cv signal', 'cv broadcast', 'read'], 3, 2, {});
});

test('LWPs made by LWPs', () => {
  same(['spawn', 'read', 'write'], 3, 2, {});
});

test('timed sleeps', () => {
  same(['sleep', 'read', 'write'], 3, 2, {}, 'states');
});

test('two and three CPUs without preemption', () => {
  const kinds: readonly Kind[] = [
    'locked write',
    'read',
    'write',
    'cv wait',
    'cv signal',
    'atomic',
  ];
  same(kinds, 3, 3, { ncpu: 2, preempt: false }, 'states');
  same(kinds, 3, 2, { ncpu: 3, preempt: false }, 'states');
});

test('everything, with the same states as when LWPs run into taken locks', () => {
  const kinds: readonly Kind[] = ['lock', 'unlock', 'try', 'atomic', 'write', 'read', 'spawn'];
  same([...kinds, 'post', 'wait', 'cv wait', 'cv signal', 'shared read'], 3, 3, {}, 'states');
});

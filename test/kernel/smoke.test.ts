import { expect, test } from 'vitest';
import { cv_init, cv_signal, cv_wait } from '../../kernel/kern/kern_condvar.ts';
import { lwp_create, lwp_start, lwp_wait } from '../../kernel/kern/kern_lwp.ts';
import { MUTEX_DEFAULT, mutex_enter, mutex_exit, mutex_obj_alloc } from '../../kernel/kern/kern_mutex.ts';
import { kpause, preempt } from '../../kernel/kern/kern_sleepq.ts';
import { DEFAULT_CONFIG } from '../../kernel/kern/kernel.ts';
import type { Lwp } from '../../kernel/kern/lwp.ts';
import { IsolatedHost } from '../../kernel/rumpuser/isolated.ts';
import { curlwp } from '../../kernel/world/current.ts';
import { onBootPath, runWorld } from '../../kernel/world/run.ts';
import { RandomStrategy } from '../../kernel/world/strategy/random.ts';
import { ReplayStrategy } from '../../kernel/world/strategy/replay.ts';
import type { Strategy } from '../../kernel/world/strategy/strategy.ts';
import { digestText, newKernel, World } from '../../kernel/world/world.ts';

function world(strategy: Strategy, main: () => Generator<void, unknown, void>, ncpu = 2, preemptOn = false) {
  const w = new World({ strategy, grain: 'sync', budget: 1e9, host: new IsolatedHost(1), observer: {}, seed: 1, checkpoints: true });
  const k = newKernel(w, 'k', { ...DEFAULT_CONFIG, ncpu, preempt: preemptOn });
  onBootPath(w, () => {
    const l = lwp_create(k.proc0, main, undefined, 'main');
    w.main = l;
    lwp_start(l);
  });
  const outcome = runWorld(w);
  return { w, outcome };
}

function* lostUpdate(): Generator<void, void, void> {
  const state = { x: 0 };
  function* inc() {
    yield* preempt();
    const v = state.x;
    yield* preempt();
    state.x = v + 1;
  }
  const l = curlwp();
  const kids: Lwp[] = [];
  for (let i = 0; i < 2; i++) { const k = lwp_create(l.proc, inc, undefined, `t${i}`); kids.push(k); lwp_start(k); }
  for (const k of kids) yield* lwp_wait(l, k.lid);
  if (state.x !== 2) throw new Error('lost');
}

test('lost update is found by some seeds and replays', () => {
  let lost = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const a = world(new RandomStrategy(seed), lostUpdate);
    if (a.outcome?.verdict === 'program-error') lost++;
    const b = world(new ReplayStrategy(a.w.directives.copy()), lostUpdate);
    expect(b.outcome?.verdict).toBe(a.outcome?.verdict);
    expect(digestText(b.w)).toBe(digestText(a.w));
    expect(b.w.directives.copy()).toEqual(a.w.directives.copy());
  }
  expect(lost).toBeGreaterThan(20);
  expect(lost).toBeLessThan(190);
});

test('abba deadlock', () => {
  function* main(): Generator<void, void, void> {
    const a = mutex_obj_alloc(MUTEX_DEFAULT, 'a');
    const b = mutex_obj_alloc(MUTEX_DEFAULT, 'b');
    function* one([x, y]: [typeof a, typeof a]): Generator<void, void, void> {
      yield* mutex_enter(x); yield* mutex_enter(y); mutex_exit(y); mutex_exit(x);
    }
    const l = curlwp();
    const k1 = lwp_create(l.proc, one, [a, b] as [typeof a, typeof a], '1');
    const k2 = lwp_create(l.proc, one, [b, a] as [typeof a, typeof a], '2');
    lwp_start(k1); lwp_start(k2);
    yield* lwp_wait(l, k1.lid); yield* lwp_wait(l, k2.lid);
  }
  const seen = new Set<string>();
  let message = '';
  for (let s = 0; s < 100; s++) { const o = world(new RandomStrategy(s), main).outcome; seen.add(o!.verdict); if (o!.verdict === 'deadlock') message = o!.message; }
  console.log(message);
  expect([...seen].sort()).toEqual(['deadlock', 'passed']);
  for (let s = 0; s < 50; s++) expect(world(new RandomStrategy(s), main, 1).outcome!.verdict).toBe('passed');
  const one = new Set<string>();
  for (let s = 0; s < 50; s++) one.add(world(new RandomStrategy(s), main, 1, true).outcome!.verdict);
  expect(one.has('deadlock')).toBe(true);
});

test('kpause takes virtual time, lost wakeup is found', () => {
  function* main(): Generator<void, void, void> { yield* kpause('nap', 'uninterruptible', 5e9); }
  const r = world(new RandomStrategy(1), main);
  expect(r.outcome!.verdict).toBe('passed');
  expect(r.outcome!.virtualTimeNs).toBeGreaterThanOrEqual(5e9);
  function* lost(): Generator<void, void, void> {
    const m = mutex_obj_alloc(MUTEX_DEFAULT, 'm'); const cv = cv_init('forever');
    cv_signal(cv);
    yield* mutex_enter(m); yield* cv_wait(cv, m); mutex_exit(m);
  }
  const o = world(new RandomStrategy(1), lost).outcome!;
  expect(o.verdict).toBe('lost-wakeup');
  console.log(o.message);
});

import { expect, test } from 'vitest';
import { kpause } from '../../../../kernel/kern/kern_sleepq.ts';
import { PR_WAITOK, pool_get, pool_init, pool_put } from '../../../../kernel/kern/subr_pool.ts';
import { curkernel } from '../../../../kernel/world/current.ts';
import { together } from '../../parallel.ts';
import { Cell, watch } from './watched.ts';

function* shared(second: (free: () => void, cell: Cell) => void): Generator<void, void, void> {
  const pool = pool_init(curkernel(), 'cell', 16, () => new Cell());
  const cell = (yield* pool_get(pool, PR_WAITOK)) as Cell;
  yield* together(
    function* () {
      yield* kpause('first', 'uninterruptible', 1000);
      pool_put(pool, cell);
    },
    function* () {
      yield* kpause('second', 'uninterruptible', 50_000);
      second(() => pool_put(pool, cell), cell);
    },
  );
}

test('a use after free names who freed the object, and who used it', () => {
  const { outcome, reports } = watch(null, {}, 1, () =>
    shared((_free, cell) => {
      cell.value++;
    }),
  );
  expect(outcome.verdict).toBe('use-after-free');
  expect(outcome.message).toMatch(
    /^cell\.value is read after the cell was freed at .*by LWP 2 \(t0\)\)$/,
  );
  expect(reports).toHaveLength(1);
  expect(reports[0].sides.map(({ lwp, does }) => [lwp, does])).toEqual([
    [2, 'free'],
    [3, 'read'],
  ]);
});

test('a double free names both LWPs', () => {
  const { outcome, reports } = watch(null, {}, 1, () => shared((free) => free()));
  expect(outcome.verdict).toBe('kassert');
  expect(outcome.message).toMatch(
    /^pool_put\(cell\) of an object that was freed before at .*by LWP 2 \(t0\)\)$/,
  );
  expect(reports[0].sides.map(({ lwp, does }) => [lwp, does])).toEqual([
    [2, 'free'],
    [3, 'free'],
  ]);
});

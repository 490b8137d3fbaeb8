/** kmem(9), pool(9), RUMP_MEMLIMIT, leaks and the use of freed objects. */

import { expect, test } from 'vitest';
import {
  curkernel,
  KM_NOSLEEP,
  KM_SLEEP,
  type Kernel,
  kmem_alloc,
  kmem_free,
  kmem_of,
  kmem_reserve,
  kmem_unreserve,
  type Pool,
  PR_NOWAIT,
  PR_WAITOK,
  pool_cache_get,
  pool_cache_init,
  pool_cache_put,
  pool_destroy,
  pool_get,
  pool_init,
  pool_put,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';
import { silent, together } from '../parallel.ts';

const BARE = { components: [] };

class Node {
  name = 'fresh';
  next: Node | null = null;
}

function nodes(): Pool<Node> {
  return pool_init(curkernel(), 'node', 100, () => new Node());
}

test('memory is charged while it is allocated (kmem(9))', () => {
  for (const lockdebug of [true, false]) {
    passes({ ...BARE, lockdebug }, function* main() {
      const kmem = kmem_of(curkernel());
      const bytes = yield* kmem_alloc(4096, KM_SLEEP, 'buf');
      expect(bytes).toEqual(new Uint8Array(4096));
      const pp = nodes();
      const node = yield* pool_get(pp, PR_WAITOK);
      expect(kmem.usedBytes).toBe(4196);
      kmem_free(bytes!, 4096);
      pool_put(pp, node!);
      expect([kmem.usedBytes, kmem.peakBytes]).toEqual([0, 4196]);
      expect([pp.nget, pp.nput, pp.nout]).toEqual([1, 1, 0]);
      pool_destroy(pp);
    });
  }
});

test('what is not freed at halt is a leak, by name and site', () => {
  const { outcome } = run(BARE, function* main() {
    const pp = nodes();
    for (let i = 0; i < 3; i++) yield* pool_get(pp, PR_WAITOK);
    yield* kmem_alloc(64, KM_SLEEP, 'lost');
    pool_put(pp, (yield* pool_get(pp, PR_WAITOK))!);
  });
  expect(outcome.verdict).toBe('leak');
  expect(outcome.message).toMatch(/3 × node.*, 300 B; 1 × lost.*, 64 B/);
});

test('a use of a freed record is caught, with where it was freed', () => {
  const use = (how: (node: Node) => void, lockdebug = true) =>
    run({ ...BARE, lockdebug }, function* main() {
      const pp = nodes();
      const node = (yield* pool_get(pp, PR_WAITOK))!;
      pool_put(pp, node);
      how(node);
    }).outcome;
  const read = use((node) => expect(node.next).toBe(null));
  expect(read.verdict).toBe('use-after-free');
  expect(read.message).toMatch(/^node\.next is read after the node was freed at .*icount \d+/);
  const written = use((node) => {
    node.name = 'x';
  });
  expect(written.message).toMatch(/^node\.name is written after/);
  expect(use((node) => expect(node.next).toBe(null), false).verdict).toBe('passed');
});

test('freed bytes are poisoned; freeing twice, or another size, is a kassert (kmem(9))', () => {
  passes(BARE, function* main() {
    const bytes = (yield* kmem_alloc(6, KM_SLEEP))!;
    kmem_free(bytes, 6);
    expect([...bytes]).toEqual([0xde, 0xad, 0xbe, 0xef, 0xde, 0xad]);
  });
  const freeing = (sizes: readonly number[]) =>
    run(BARE, function* main() {
      const bytes = (yield* kmem_alloc(6, KM_SLEEP))!;
      for (const size of sizes) kmem_free(bytes, size);
    }).outcome;
  expect(freeing([5])).toMatchObject({ verdict: 'kassert', message: /5 of 6 bytes/ });
  expect(freeing([6, 6])).toMatchObject({ verdict: 'kassert', message: /freed before/ });
});

test('at its limit a kernel gives null to those who do not wait (RUMP_MEMLIMIT)', () => {
  passes({ ...BARE, memlimitBytes: 1000 }, function* main() {
    const bytes = (yield* kmem_alloc(950, KM_NOSLEEP))!;
    expect(yield* kmem_alloc(100, KM_NOSLEEP)).toBe(null);
    const pp = nodes();
    expect(yield* pool_get(pp, PR_NOWAIT)).toBe(null);
    expect(yield* kmem_reserve(curkernel(), 60, KM_NOSLEEP)).toBe(false);
    kmem_free(bytes, 950);
    const node = yield* pool_get(pp, PR_NOWAIT);
    pool_put(pp, node!);
  });
});

test('at its limit a kernel lets others wait until memory is given back', () => {
  silent(
    function* main(sys) {
      const k: Kernel = curkernel();
      const big = (yield* kmem_alloc(900, KM_SLEEP))!;
      yield* together(
        function* waiter() {
          const bytes = (yield* kmem_alloc(800, KM_SLEEP))!;
          kmem_free(bytes, 800);
        },
        function* reserver() {
          yield* kmem_reserve(k, 700, KM_SLEEP);
          kmem_unreserve(k, 700);
        },
        function* giver() {
          yield* sys.nanosleep(1e6);
          kmem_free(big, 900);
        },
      );
      if (kmem_of(k).usedBytes !== 0) throw new Error('bytes are left');
    },
    { memlimitBytes: 1000 },
    12,
  );
});

test('memory that nobody gives back is a lost wakeup on kmem', () => {
  const { outcome } = run({ ...BARE, memlimitBytes: 100 }, function* main() {
    yield* kmem_alloc(101, KM_SLEEP);
  });
  expect(outcome.verdict).toBe('lost-wakeup');
  expect(outcome.message).toMatch(/on kmem/);
});

test('a pool cache hands out what was put back, constructed still (pool_cache(9))', () => {
  const again = (lockdebug: boolean) => {
    const same = { as: false };
    passes({ ...BARE, lockdebug }, function* main() {
      const pc = pool_cache_init(curkernel(), 'cached', 10, () => new Node());
      const first = (yield* pool_cache_get(pc, PR_WAITOK))!;
      pool_cache_put(pc, first);
      const second = (yield* pool_cache_get(pc, PR_WAITOK))!;
      same.as = first === second;
      pool_cache_put(pc, second);
    });
    return same.as;
  };
  expect(again(false)).toBe(true);
  expect(again(true)).toBe(false);
});

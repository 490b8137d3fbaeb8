/** rumpus/vitest: what a test leaks, frees and forgets is named at the test's own lines. */

import { readFileSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import {
  curkernel,
  KM_SLEEP,
  kmem_alloc,
  mutex_enter,
  MUTEX_DEFAULT,
  mutex_obj_alloc,
  PR_WAITOK,
  type Pool,
  pool_get,
  pool_init,
  pool_put,
} from 'rumpus';
import { KernelFailure, test, type TestMain } from 'rumpus/vitest';

const FILE = 'test/debugger/vitest/places.test.ts';
const LINES = readFileSync(FILE, 'utf8').split('\n');

/** Where a line of this file is that ends in a comment with this word. */
function at(word: string): string {
  return `rumpus/${FILE}:${LINES.findIndex((line) => line.endsWith(`// ${word}`)) + 1}`;
}

function messageOf(kernel: { run(main: TestMain<unknown>): unknown }, main: TestMain<unknown>) {
  try {
    kernel.run(main);
  } catch (error) {
    if (!(error instanceof KernelFailure)) throw error;
    rmSync(error.core);
    return error.message;
  }
  throw new Error('the run did not fail');
}

interface Node {
  size: number;
}

const nodes = (): Pool<Node> => pool_init(curkernel(), 'node', 100, () => ({ size: 0 }));

function allocate(sizeBytes: number) {
  return kmem_alloc(sizeBytes, KM_SLEEP, 'buffer'); // plain
}

test('a leak names the statements of the test that allocated', ({ kernel }) => {
  const message = messageOf(kernel, function* () {
    yield* pool_get(nodes(), PR_WAITOK); // pool
    yield* allocate(64);
  });
  expect(message).toContain(`1 × node (allocated at ${at('pool')}), 100 B`);
  expect(message).toContain(`1 × buffer (allocated at ${at('plain')}), 64 B`);
});

test('a use after free names the statement of the test that freed', ({ kernel }) => {
  const message = messageOf(kernel, function* () {
    const pp = nodes();
    const node = (yield* pool_get(pp, PR_WAITOK))!;
    pool_put(pp, node); // freed
    node.size = 1;
  });
  expect(message).toContain(`after the node was freed at ${at('freed')} (`);
});

test('a forgotten yield* of a lock is shown at the line of the test', ({ kernel }) => {
  const message = messageOf(kernel, function* (sys) {
    const mtx = mutex_obj_alloc(MUTEX_DEFAULT, 'forgotten');
    mutex_enter(mtx); // lock
    yield* sys.getpid();
  });
  expect(message).toContain(`was called without yield* at ${at('lock')}:`);
});

test('a forgotten yield* in a loop of one statement is shown at its line', ({ kernel }) => {
  const message = messageOf(kernel, function* (sys) {
    for (let i = 0; i < 3; i++) sys.mkdir(`/${i}`, 0o755); // loop
    yield* sys.getpid();
  });
  expect(message).toContain(`was called without yield* at ${at('loop')}:`);
});

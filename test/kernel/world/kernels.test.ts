/** Many kernels in one world, many worlds in one process: nothing is shared (the seeds' promise). */

import { expect, test } from 'vitest';
import { curlwp, type KernelHandle, type Main, preempt } from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';

const bare = { components: [] };

test('128 kernels live in one world, each with its own processes', () => {
  passes({ ...bare, ncpu: 1 }, function* main(_sys, context) {
    const handles: KernelHandle[] = [];
    for (let i = 0; i < 127; i++) handles.push(yield* context.boot({ ...bare, ncpu: 1 }));
    const seen = new Set([curlwp().kernel]);
    const child: Main = function* child(sys) {
      seen.add(curlwp().kernel);
      return yield* sys.getpid();
    };
    for (const handle of handles) {
      const pid = yield* handle.spawn(child).join();
      if (pid !== 1) throw new Error(`the first process of a kernel has number ${pid}`);
    }
    if (seen.size !== 128) throw new Error(`${seen.size} kernels`);
  });
});

test('a panic in one world leaves the next one alone', () => {
  const panics = run(bare, function* main() {
    yield* preempt();
    throw new Error('first');
  });
  expect(panics.outcome.verdict).toBe('program-error');
  passes(bare, function* main() {
    yield* preempt();
  });
});

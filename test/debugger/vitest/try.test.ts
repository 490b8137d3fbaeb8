import { expect } from 'vitest';
import { panic, KASSERT, mutex_enter, mutex_obj_alloc } from 'rumpus';
import { fails, test } from 'rumpus/vitest';

test('getpid', ({ kernel }) => {
  expect(kernel.run((sys) => sys.getpid()).value).toBe(1);
});
test('errno', ({ kernel }) => {
  kernel.run(function* (sys) {
    const e = yield* fails(() => sys.close(99));
    expect(e).toHaveErrno('EBADF');
    expect(e).toHaveErrno('ENOENT');
  });
});
test('panics', ({ kernel }) => {
  function* deeper() {
    KASSERT(1 > 2, 'one is more than two');
  }
  kernel.run(function* main(sys) {
    yield* sys.getpid();
    yield* deeper();
  });
});
test('expected', ({ kernel }) => {
  kernel.expectVerdict('panic', /dead/);
  kernel.run(function* main(sys) {
    panic('I am dead');
  });
});
test('expected but passes', ({ kernel }) => {
  kernel.expectVerdict('panic', /dead/);
  kernel.run(function* main(sys) {
    yield* sys.getpid();
  });
});
test('captured state', ({ kernel }) => {
  let runs = 0;
  kernel.run(function* main(sys) {
    runs++;
    for (let i = 0; i < runs; i++) yield* sys.getpid();
    panic('x');
  });
});
test('uncaught errno', ({ kernel }) => {
  kernel.run(function* main(sys) {
    yield* sys.close(77);
  });
});

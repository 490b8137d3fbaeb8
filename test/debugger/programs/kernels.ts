/** Two kernels at work on two CPUs each: the same fields, of objects of either. */

import { O_CREAT, O_RDWR, panic, program, type Sys } from 'rumpus';

function* scribble(sys: Sys, text: string): Generator<void, void, void> {
  const fd = yield* sys.open('/notes', O_CREAT | O_RDWR, 0o644);
  if (typeof fd !== 'number') panic('no file');
  for (let i = 0; i < 3; i++) {
    yield* sys.write(fd, text);
    yield* sys.sched_yield();
  }
  yield* sys.ftruncate(fd, text.length);
  yield* sys.close(fd);
}

export default program({ ncpu: 2, name: 'left' }, function* main(sys: Sys, context) {
  const right = yield* context.boot({ ncpu: 2, name: 'right' });
  const child = right.spawn((other: Sys) => scribble(other, 'right'), 'scribbler');
  yield* scribble(sys, 'to the left');
  yield* child.join();
});

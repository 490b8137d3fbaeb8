/** A component whose system call fails three layers down, in a plain function. */

import {
  component,
  EINVAL,
  type Errno,
  isErrno,
  kpause,
  type Lwp,
  type MaySleep,
  program,
  sysent,
} from 'rumpus';

function limit(n: number): Errno | number {
  if (n > 3) return EINVAL;
  return n;
}

function* layer(n: number): Generator<void, Errno | number, void> {
  yield* kpause('layer', 'uninterruptible', 1000);
  const checked = limit(n);
  if (isErrno(checked)) return checked;
  return checked + 1;
}

function* sys_tens(_l: Lwp, n: number): Generator<void, Errno | number, void> {
  const one = yield* layer(n);
  return isErrno(one) ? one : one * 10;
}

const tens = component({
  name: 'tens',
  syscalls: { tens: sysent(900, sys_tens, ['number']) },
});

export default program({ components: [tens] }, function* main(sys) {
  const own = sys as unknown as { tens(n: number): MaySleep<number> };
  const twenty = yield* own.tens(1);
  if (twenty !== 20) throw new Error(`${twenty}`);
  yield* own.tens(7);
});

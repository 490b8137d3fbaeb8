/** Fails in a function that the engine has optimised, which has a variable that it needs no more. */

import { panic, program } from 'rumpus';

function hot(n: number): number {
  const unused = 7;
  const twice = n + n;
  if (n === 60_000) panic('hot enough');
  return twice + unused;
}

export default program(function* main(sys) {
  let sum = 0;
  for (let i = 0; i <= 60_000; i++) sum = (sum + hot(i)) | 0;
  yield* sys.getpid();
  return sum;
});

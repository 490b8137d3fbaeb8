import { curlwp, kpause, printf, program } from 'rumpus';

function leaf(n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += i;
  return sum;
}

function twice(n: number): number {
  return leaf(n) + leaf(n);
}

function* worker(n: number): Generator<void, number, void> {
  const sum = twice(n);
  yield* kpause('nap', 'uninterruptible', 1_000_000);
  return sum + [1, 2, 3].map((x) => leaf(x)).length;
}

/** Some plain calls, some generators, a sleep: something to trace and profile. */
export default program({}, function* main() {
  printf(`${curlwp().name} ${yield* worker(50)}\n`);
  yield* worker(10);
});

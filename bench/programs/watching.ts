/**
 * `watching ROUNDS KIND`: what data breakpoints are timed on. A round is about a thousand
 * statements; KIND 0 touches a watched field once in it, KIND 1 works on a map and an array.
 */

import { program } from 'rumpus';

class Gauge {
  level = 1;
  readonly past: number[] = Array.from({ length: 64 }, () => 0);
  readonly marks = new Map<number, number>([[0, 0]]);
}

function work(seed: number): number {
  let value = seed;
  for (let i = 0; i < 330; i++) {
    value = (value * 1103515245 + 12345) & 0x7fffffff;
    if ((value & 64) === 0) value ^= i;
  }
  return value;
}

function store(gauge: Gauge, seed: number): number {
  const { past, marks } = gauge;
  let value = seed;
  for (let i = 0; i < 200; i++) {
    value = (value * 1103515245 + 12345) & 0x7fffffff;
    past[i & 63] = past[value & 63] + (value & 1);
    if ((i & 3) === 0) marks.set(i & 63, value);
    value ^= marks.get(value & 63) ?? i;
  }
  return value;
}

export default program({ ncpu: 1, budget: 1e9 }, function* main(sys, { args }) {
  const [rounds, kind] = args.map(Number);
  const gauge = new Gauge();
  const other = new Gauge();
  let value = 1;
  yield* sys.getpid();
  for (let i = 0; i < rounds; i++) {
    value = kind === 0 ? work(value) : store(other, value);
    gauge.level = 1;
  }
  if (value < 0) throw new Error('the value is negative');
});

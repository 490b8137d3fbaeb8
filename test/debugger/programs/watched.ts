/** Places of every kind that data breakpoints can be about, written by several LWPs and kernels. */

import { kpause, O_CREAT, O_RDWR, panic, program, type Sys } from 'rumpus';

class Counter {
  value = 0;
  name: string;
  constructor(name: string) {
    this.name = name;
  }
}

class Shelf {
  readonly slots: number[] = [0, 0, 0, 0];
  readonly labels = new Map<string, number>([['a', 1]]);
  readonly owners = new Map<Counter, number>();
  readonly bytes = new Uint8Array(8);
  late: Counter | null = null;
  get total(): number {
    return this.slots.length;
  }
}

function* nap(): Generator<void, void, void> {
  yield* kpause('nap', 'uninterruptible', 1_000_000);
}

function* adder(counter: Counter): Generator<void, void, void> {
  for (let i = 0; i < 3; i++) {
    counter.value += 10;
    yield* nap();
  }
}

function computed(by: number): number {
  const doubled = by * 2;
  return doubled + 1;
}

function fill(shelf: Shelf, key: Counter): void {
  shelf.slots[2] = 5;
  shelf.slots.push(9);
  shelf.labels.set('a', 2);
  shelf.labels.set('b', 3);
  shelf.owners.set(key, 1);
  shelf.bytes[3] = 7;
  shelf.labels.delete('a');
}

export default program({ ncpu: 1 }, function* main(sys: Sys) {
  const counter = new Counter('watched');
  const other = new Counter('other');
  const shelf = new Shelf();
  shelf.owners.set(counter, 0);
  let seen = 0;
  yield* sys._lwp_create(adder, counter, 0);
  counter.value = computed(1);
  counter.value = 3;
  other.value = 99;
  seen += counter.value;
  yield* nap();
  fill(shelf, counter);
  shelf.late = new Counter('late');
  shelf.late.value = 1;
  const fd = yield* sys.open('/file', O_RDWR | O_CREAT, 0o644);
  if (typeof fd !== 'number') panic('no file');
  yield* sys.write(fd, 'some text');
  yield* sys.ftruncate(fd, 4);
  for (let i = 0; i < 4; i++) yield* nap();
  if (seen > 2) panic(`seen ${seen} of ${counter.value}`);
});

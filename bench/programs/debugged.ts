/**
 * `debugged ROUNDS SLEEPERS`: what debuggers are timed on. LWPs go to sleep a few calls deep in
 * system calls, and one does rounds of work on a file system.
 */

import { kpause, type MaySleep, O_CREAT, O_RDWR, program, type Sys } from 'rumpus';

interface Sleeper {
  readonly sys: Sys;
  readonly number: number;
  readonly notes: Map<string, number>;
}

function sleeper(given: Sleeper): MaySleep<unknown> {
  return rest(given);
}

function* rest({ sys, number, notes }: Sleeper): Generator<void, void, void> {
  const [from, to] = yield* sys.pipe();
  const byte = new Uint8Array(1);
  notes.set('pipe', from);
  if (number % 2 === 0) yield* sys.read(from, byte);
  else yield* kpause('rest', 'uninterruptible', 1_000_000_000_000);
  yield* sys.close(to);
}

/** Every sixteenth byte of a part, added up. */
function sum(data: Uint8Array, from: number, to: number): number {
  let total = 0; // of a part
  for (let i = from; i < to; i += 16) {
    total += data[i];
  }
  return total;
}

function* round(sys: Sys, i: number, data: Uint8Array): Generator<void, number, void> {
  const path = `/jobs/file${i % 7}`;
  const fd = yield* sys.open(path, O_CREAT | O_RDWR, 0o644);
  yield* sys.write(fd, data);
  const size = (yield* sys.stat(path)).size;
  yield* sys.pread(fd, data, 0);
  const total = sum(data, 0, 256) + sum(data, 256, 512);
  yield* sys.close(fd);
  yield* sys.unlink(path);
  return total + size;
}

export default program({ ncpu: 1, budget: 1e9 }, function* main(sys, { args }) {
  const [rounds, sleepers] = args.map(Number);
  for (let number = 0; number < sleepers; number++) {
    yield* sys._lwp_create(sleeper, { sys, number, notes: new Map([['number', number]]) }, 0);
  }
  yield* sys.nanosleep(1_000_000);
  yield* sys.mkdir('/jobs', 0o755);
  const data = new Uint8Array(512).fill(7);
  let total = 0;
  for (let i = 0; i < rounds; i++) {
    total += yield* round(sys, i, data);
  }
  if (total < 0) throw new Error('the sum is negative');
  yield* sys._exit(0);
});

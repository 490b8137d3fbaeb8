/**
 * A pipe as a semaphore: the job server of GNU make, whose manual tells how tokens in a pipe limit
 * the jobs of all makes.
 *
 * Bug      A job that needs two tokens takes them one by one; two such jobs hold one each.
 * Needs    One preemption, between the two reads.
 */

import { expectVerdict, files, program, type Sys } from 'rumpus';
import { several, threads } from '../kit.ts';

function* build(sys: Sys, ends: readonly [number, number]): Generator<void, void, void> {
  const [from, to] = ends;
  const token = new Uint8Array(1);
  yield* sys.read(from, token);
  yield* sys.read(from, token);
  yield* sys.write(to, '++');
}

const expect = expectVerdict('lost-wakeup');

export default program({ components: [files], expect }, function* main(sys) {
  const ends = yield* sys.pipe();
  yield* sys.write(ends[1], '++');
  yield* threads(several('build', 2, () => build(sys, ends)));
});

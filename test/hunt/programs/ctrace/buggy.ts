/**
 * ctrace-test of Inspect (Yang, Chen and Gopalakrishnan, SPIN 2008; SCTBench): a tracing library
 * whose table of threads is changed by the threads themselves.
 *
 * Bug      Two threads add themselves at once: both take the same slot.
 * Needs    One preemption, between reading the number of threads and raising it.
 */

import { expectVerdict, program, pthread_self } from 'rumpus';
import { several, threads } from '../kit.ts';

interface Entry {
  readonly name: string;
  lines: number;
}

class Trace {
  readonly table: (Entry | undefined)[] = [];
  count = 0;
}

function* addThread(trace: Trace): Generator<void, void, void> {
  const slot = trace.count;
  trace.table[slot] = { name: pthread_self().name, lines: 0 };
  trace.count = slot + 1;
}

function* print(trace: Trace): Generator<void, void, void> {
  const { name } = pthread_self();
  for (let i = 0; i < trace.count; i++) {
    const entry = trace.table[i];
    if (entry?.name !== name) continue;
    entry.lines++;
    return;
  }
  throw new Error(`ctrace: thread ${name} is not in the table`);
}

function* traced(trace: Trace): Generator<void, void, void> {
  yield* addThread(trace);
  yield* print(trace);
}

const expect = expectVerdict('program-error', /ctrace: thread .* is not in the table/);

export default program({ components: [], expect }, function* main() {
  const trace = new Trace();
  yield* threads(several('traced', 2, () => traced(trace)));
});

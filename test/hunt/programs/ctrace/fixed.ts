/** ctrace, with a mutex for its table. */

import {
  program,
  pthread_mutex_init,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  pthread_self,
} from 'rumpus';
import { several, threads } from '../kit.ts';

interface Entry {
  readonly name: string;
  lines: number;
}

class Trace {
  readonly lock = pthread_mutex_init('table');
  readonly table: (Entry | undefined)[] = [];
  count = 0;
}

function* addThread(trace: Trace): Generator<void, void, void> {
  yield* pthread_mutex_lock(trace.lock);
  const slot = trace.count;
  trace.table[slot] = { name: pthread_self().name, lines: 0 };
  trace.count = slot + 1;
  yield* pthread_mutex_unlock(trace.lock);
}

function find(trace: Trace, name: string): Entry | undefined {
  for (let i = 0; i < trace.count; i++) {
    if (trace.table[i]?.name === name) return trace.table[i];
  }
  return undefined;
}

function* print(trace: Trace): Generator<void, void, void> {
  const { name } = pthread_self();
  yield* pthread_mutex_lock(trace.lock);
  const entry = find(trace, name);
  if (entry === undefined) throw new Error(`ctrace: thread ${name} is not in the table`);
  entry.lines++;
  yield* pthread_mutex_unlock(trace.lock);
}

function* traced(trace: Trace): Generator<void, void, void> {
  yield* addThread(trace);
  yield* print(trace);
}

export default program({ components: [] }, function* main() {
  const trace = new Trace();
  yield* threads(several('traced', 2, () => traced(trace)));
});

/**
 * Going through a list from which another takes: Java throws ConcurrentModificationException where
 * it can; here each step is locked, and the walk is not.
 *
 * Bug      The walker counts positions; a removal before its position moves the rest down, and it
 *          passes over one.
 * Needs    One preemption, between two steps. Every access is locked.
 */

import {
  expectVerdict,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Interfaces {
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'interfaces');
  readonly list = ['lo0', 'wm0', 'wm1'];
}

function* at(ifs: Interfaces, index: number): Generator<void, string | undefined, void> {
  yield* mutex_enter(ifs.lock);
  const name = ifs.list[index];
  mutex_exit(ifs.lock);
  return name;
}

function* detach(ifs: Interfaces, name: string): Generator<void, void, void> {
  yield* mutex_enter(ifs.lock);
  ifs.list.splice(ifs.list.indexOf(name), 1);
  mutex_exit(ifs.lock);
}

function* configure(ifs: Interfaces): Generator<void, void, void> {
  const seen = new Set<string>();
  let index = 0;
  for (;;) {
    const name = yield* at(ifs, index);
    if (name === undefined) break;
    seen.add(name);
    index++;
  }
  if (!seen.has('wm1')) throw new Error('list: wm1 is passed over');
}

const expect = expectVerdict('program-error', /list: wm1 is passed over/);

export default program({ components: [], expect }, function* main() {
  const ifs = new Interfaces();
  yield* lwps({ configure: () => configure(ifs), detach: () => detach(ifs, 'lo0') });
});

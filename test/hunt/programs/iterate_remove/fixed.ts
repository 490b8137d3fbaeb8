/** Going through a copy of the list. */

import {
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

function* copy(ifs: Interfaces): Generator<void, string[], void> {
  yield* mutex_enter(ifs.lock);
  const names = [...ifs.list];
  mutex_exit(ifs.lock);
  return names;
}

function* detach(ifs: Interfaces, name: string): Generator<void, void, void> {
  yield* mutex_enter(ifs.lock);
  ifs.list.splice(ifs.list.indexOf(name), 1);
  mutex_exit(ifs.lock);
}

function* configure(ifs: Interfaces): Generator<void, void, void> {
  const seen = new Set(yield* copy(ifs));
  if (!seen.has('wm1')) throw new Error('list: wm1 is passed over');
}

export default program({ components: [] }, function* main() {
  const ifs = new Interfaces();
  yield* lwps({ configure: () => configure(ifs), detach: () => detach(ifs, 'lo0') });
});

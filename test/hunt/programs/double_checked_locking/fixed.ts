/**
 * Double-checked locking as C11 has it: a flag is set with release when the instance is complete,
 * and looked at with acquire.
 */

import {
  AtomicUint,
  atomic_load_acquire,
  atomic_store_release,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps, several } from '../kit.ts';

class Settings {
  readonly limits = new Map<string, number>();
}

class Holder {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'settings');
  readonly ready = new AtomicUint(0);
  settings: Settings | null = null;
}

function* load(holder: Holder): Generator<void, void, void> {
  yield* mutex_enter(holder.lock);
  if (atomic_load_acquire(holder.ready) === 0) {
    const settings = new Settings();
    settings.limits.set('files', 64);
    holder.settings = settings;
    atomic_store_release(holder.ready, 1);
  }
  mutex_exit(holder.lock);
}

function* instance(holder: Holder): Generator<void, Settings | null, void> {
  if (atomic_load_acquire(holder.ready) === 0) yield* load(holder);
  return holder.settings;
}

function* use(holder: Holder): Generator<void, void, void> {
  const settings = yield* instance(holder);
  const limit = settings?.limits.get('files');
  if (limit !== 64) throw new Error(`double-checked locking: the limit is ${limit}`);
}

export default program({ components: [] }, function* main() {
  const holder = new Holder();
  yield* lwps(several('user', 2, () => use(holder)));
});

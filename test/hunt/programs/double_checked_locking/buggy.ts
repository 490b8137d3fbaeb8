/**
 * Double-checked locking: Schmidt and Harrison (PLoP 1996); "The double-checked locking is broken
 * declaration" (Bacon and others, 2001).
 *
 * Bug      The instance is published before it is complete; who sees it without the lock uses half
 *          of it.
 * Needs    One preemption of the thread that makes it.
 */

import {
  expectVerdict,
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
  settings: Settings | null = null;
}

function* load(holder: Holder): Generator<void, void, void> {
  yield* mutex_enter(holder.lock);
  if (holder.settings === null) {
    holder.settings = new Settings();
    holder.settings.limits.set('files', 64);
  }
  mutex_exit(holder.lock);
}

function* instance(holder: Holder): Generator<void, Settings | null, void> {
  if (holder.settings === null) yield* load(holder);
  return holder.settings;
}

function* use(holder: Holder): Generator<void, void, void> {
  const settings = yield* instance(holder);
  const limit = settings?.limits.get('files');
  if (limit !== 64) throw new Error(`double-checked locking: the limit is ${limit}`);
}

const expect = expectVerdict('program-error', /double-checked locking: the limit is undefined/);

export default program({ components: [], expect }, function* main() {
  const holder = new Holder();
  yield* lwps(several('user', 2, () => use(holder)));
});

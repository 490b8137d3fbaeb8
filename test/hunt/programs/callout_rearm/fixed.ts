/** Halting a callout that arms itself again. */

import {
  CALLOUT_MPSAFE,
  type Callout,
  callout_destroy,
  callout_halt,
  callout_init,
  callout_reset,
  callout_schedule,
  cv_init,
  cv_signal,
  cv_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';

class Watchdog {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'watchdog');
  readonly cv = cv_init('tick');
  readonly callout: Callout = callout_init(CALLOUT_MPSAFE);
  /** Guarded by `lock`. */
  ticks = 0;
}

function* tick(watchdog: Watchdog): Generator<void, void, void> {
  yield* mutex_enter(watchdog.lock);
  watchdog.ticks++;
  cv_signal(watchdog.cv);
  mutex_exit(watchdog.lock);
  callout_schedule(watchdog.callout, 1);
}

export default program({ components: [] }, function* main() {
  const watchdog = new Watchdog();
  callout_reset(watchdog.callout, 1, tick, watchdog);
  yield* mutex_enter(watchdog.lock);
  while (watchdog.ticks < 1) yield* cv_wait(watchdog.cv, watchdog.lock);
  mutex_exit(watchdog.lock);
  yield* callout_halt(watchdog.callout);
  callout_destroy(watchdog.callout);
});

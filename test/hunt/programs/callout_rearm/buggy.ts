/**
 * Stopping a callout that arms itself again; callout(9) has callout_halt() because callout_stop()
 * does not wait, and FreeBSD's callout_drain() is of the same origin.
 *
 * Bug      The handler runs while callout_stop() disarms the callout, and arms it again; or it runs
 *          when the callout is destroyed.
 * Needs    One preemption of the softint, in the handler.
 */

import {
  CALLOUT_MPSAFE,
  type Callout,
  callout_destroy,
  callout_init,
  callout_reset,
  callout_schedule,
  callout_stop,
  cv_init,
  cv_signal,
  cv_wait,
  expectVerdict,
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

const expect = expectVerdict('kassert', /a callout is (armed after it was|destroyed while it)/);

export default program({ components: [], expect }, function* main() {
  const watchdog = new Watchdog();
  callout_reset(watchdog.callout, 1, tick, watchdog);
  yield* mutex_enter(watchdog.lock);
  while (watchdog.ticks < 1) yield* cv_wait(watchdog.cv, watchdog.lock);
  mutex_exit(watchdog.lock);
  callout_stop(watchdog.callout);
  callout_destroy(watchdog.callout);
});

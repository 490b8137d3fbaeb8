/**
 * A callout that says that it is done, and then uses its argument once more; callout(9), and the
 * completions on the stack of Linux's drivers.
 *
 * Bug      The handler wakes the waiter, which stops the callout (too late, it runs) and frees the
 *          request; the handler counts after that.
 * Needs    One preemption of the softint, after the wakeup.
 */

import {
  CALLOUT_MPSAFE,
  callout_init,
  callout_reset,
  callout_stop,
  curkernel,
  cv_init,
  cv_signal,
  cv_wait,
  expectVerdict,
  type KMutex,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  type Pool,
  PR_WAITOK,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';

class Request {
  done = false;
  timeouts = 0;
}

class Driver {
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'driver');
  readonly cv = cv_init('request');
  readonly request: Request;

  constructor(request: Request) {
    this.request = request;
  }
}

function* expire(driver: Driver): Generator<void, void, void> {
  const { request } = driver;
  yield* mutex_enter(driver.lock);
  request.done = true;
  cv_signal(driver.cv);
  mutex_exit(driver.lock);
  request.timeouts++;
}

const expect = expectVerdict('use-after-free', /request\.timeouts is \w+ after the request was/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Request> = pool_init(curkernel(), 'request', 48, () => new Request());
  const request = (yield* pool_get(pool, PR_WAITOK))!;
  const driver = new Driver(request);
  const timer = callout_init(CALLOUT_MPSAFE);
  callout_reset(timer, 1, expire, driver);
  yield* mutex_enter(driver.lock);
  while (!request.done) yield* cv_wait(driver.cv, driver.lock);
  mutex_exit(driver.lock);
  callout_stop(timer);
  pool_put(pool, request);
});

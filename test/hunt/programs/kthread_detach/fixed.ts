/** A kernel thread that is joined before its softc is freed. */

import {
  curkernel,
  cv_broadcast,
  cv_init,
  cv_wait,
  type KMutex,
  KTHREAD_MPSAFE,
  KTHREAD_MUSTJOIN,
  kthread_create,
  kthread_join,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  type Pool,
  PR_WAITOK,
  PRI_NONE,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';

const FLAGS = KTHREAD_MPSAFE | KTHREAD_MUSTJOIN;

class Softc {
  running = true;
  ending = false;
  exitCode = 0;
}

class Driver {
  readonly lock: KMutex = mutex_obj_alloc(MUTEX_DEFAULT, 'driver');
  readonly cv = cv_init('driver');
  readonly softc: Softc;

  constructor(softc: Softc) {
    this.softc = softc;
  }
}

function* thread(driver: Driver): Generator<void, number, void> {
  const { softc } = driver;
  yield* mutex_enter(driver.lock);
  while (!softc.ending) yield* cv_wait(driver.cv, driver.lock);
  softc.running = false;
  cv_broadcast(driver.cv);
  mutex_exit(driver.lock);
  return softc.exitCode;
}

export default program({ components: [] }, function* main() {
  const pool: Pool<Softc> = pool_init(curkernel(), 'softc', 64, () => new Softc());
  const softc = (yield* pool_get(pool, PR_WAITOK))!;
  const driver = new Driver(softc);
  const l = kthread_create(PRI_NONE, FLAGS, null, thread, driver, 'driver');
  yield* mutex_enter(driver.lock);
  softc.ending = true;
  cv_broadcast(driver.cv);
  mutex_exit(driver.lock);
  if (l !== null) yield* kthread_join(l);
  pool_put(pool, softc);
});

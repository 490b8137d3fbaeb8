/**
 * Ending a driver's kernel thread; kthread(9): KTHREAD_MUSTJOIN and kthread_join() exist so that a
 * module can be sure.
 *
 * Bug      The thread says that it is going, and reads its softc once more; detach frees it.
 * Needs    One preemption of the thread, after its last mutex_exit().
 */

import {
  curkernel,
  cv_broadcast,
  cv_init,
  cv_wait,
  expectVerdict,
  type KMutex,
  KTHREAD_MPSAFE,
  kthread_create,
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

const expect = expectVerdict('use-after-free', /softc\.exitCode is read after the softc was freed/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Softc> = pool_init(curkernel(), 'softc', 64, () => new Softc());
  const softc = (yield* pool_get(pool, PR_WAITOK))!;
  const driver = new Driver(softc);
  kthread_create(PRI_NONE, KTHREAD_MPSAFE, null, thread, driver, 'driver');
  yield* mutex_enter(driver.lock);
  softc.ending = true;
  cv_broadcast(driver.cv);
  while (softc.running) yield* cv_wait(driver.cv, driver.lock);
  mutex_exit(driver.lock);
  pool_put(pool, softc);
});

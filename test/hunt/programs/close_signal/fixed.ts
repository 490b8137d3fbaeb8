/** A queue whose close() wakes everybody. */

import {
  cv_broadcast,
  cv_init,
  cv_signal,
  cv_wait,
  MUTEX_DEFAULT,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  program,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Jobs {
  readonly mutex = mutex_obj_alloc(MUTEX_DEFAULT, 'jobs');
  readonly cv = cv_init('jobs');
  readonly waiting: number[] = [];
  closed = false;
}

function* worker(jobs: Jobs): Generator<void, void, void> {
  yield* mutex_enter(jobs.mutex);
  for (;;) {
    while (jobs.waiting.length === 0 && !jobs.closed) yield* cv_wait(jobs.cv, jobs.mutex);
    if (jobs.waiting.length === 0) break;
    jobs.waiting.pop();
  }
  mutex_exit(jobs.mutex);
}

function* boss(jobs: Jobs): Generator<void, void, void> {
  yield* mutex_enter(jobs.mutex);
  jobs.waiting.push(1);
  cv_signal(jobs.cv);
  mutex_exit(jobs.mutex);
  yield* mutex_enter(jobs.mutex);
  jobs.closed = true;
  cv_broadcast(jobs.cv);
  mutex_exit(jobs.mutex);
}

export default program({ components: [] }, function* main() {
  const jobs = new Jobs();
  yield* lwps({
    worker0: () => worker(jobs),
    boss: () => boss(jobs),
    worker1: () => worker(jobs),
  });
});

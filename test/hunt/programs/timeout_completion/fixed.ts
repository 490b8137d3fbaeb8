/** A request that is finished by who finds it unfinished, under a spin mutex. */

import {
  CALLOUT_MPSAFE,
  type Callout,
  callout_halt,
  callout_init,
  callout_reset,
  KASSERT,
  MUTEX_SPIN,
  mutex_enter,
  mutex_exit,
  mutex_obj_alloc,
  kpause,
  program,
  TICK_NS,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Request {
  readonly lock = mutex_obj_alloc(MUTEX_SPIN, 'request');
  done = false;
  completions = 0;
}

function* finish(request: Request): Generator<void, void, void> {
  yield* mutex_enter(request.lock);
  if (!request.done) {
    request.done = true;
    request.completions++;
  }
  KASSERT(request.completions === 1, 'timeout: a request is finished twice');
  mutex_exit(request.lock);
}

/** A callout of its own, which runs on the CPU where it is armed. */
function* arm(callout: Callout, request: Request): Generator<void, void, void> {
  callout_reset(callout, 1, finish, request);
}

export default program({ components: [] }, function* main() {
  const request = new Request();
  const timeout = callout_init(CALLOUT_MPSAFE);
  const poll = callout_init(CALLOUT_MPSAFE);
  yield* lwps({ poll: () => arm(poll, request), timeout: () => arm(timeout, request) });
  yield* kpause('tick', 'uninterruptible', 2 * TICK_NS);
  yield* callout_halt(poll);
  yield* callout_halt(timeout);
});

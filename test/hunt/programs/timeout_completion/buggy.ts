/**
 * A request that is completed and times out at once; scsipi(9) and every driver with a timeout.
 *
 * Bug      Both the timeout and the callout that polls the device see that the request is not done, and both finish it.
 * Needs    One preemption, between the test and the store; both run in one tick, on two CPUs.
 */

import {
  CALLOUT_MPSAFE,
  type Callout,
  callout_halt,
  callout_init,
  callout_reset,
  expectVerdict,
  KASSERT,
  kpause,
  program,
  TICK_NS,
} from 'rumpus';
import { lwps } from '../kit.ts';

class Request {
  done = false;
  completions = 0;
}

function* finish(request: Request): Generator<void, void, void> {
  if (request.done) return;
  request.done = true;
  request.completions++;
  KASSERT(request.completions === 1, 'timeout: a request is finished twice');
}

/** A callout of its own, which runs on the CPU where it is armed. */
function* arm(callout: Callout, request: Request): Generator<void, void, void> {
  callout_reset(callout, 1, finish, request);
}

const expect = expectVerdict('kassert', /timeout: a request is finished twice/);

export default program({ components: [], expect }, function* main() {
  const request = new Request();
  const timeout = callout_init(CALLOUT_MPSAFE);
  const poll = callout_init(CALLOUT_MPSAFE);
  yield* lwps({ poll: () => arm(poll, request), timeout: () => arm(timeout, request) });
  yield* kpause('tick', 'uninterruptible', 2 * TICK_NS);
  yield* callout_halt(poll);
  yield* callout_halt(timeout);
});

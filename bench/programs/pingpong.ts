/** `pingpong WINDOWS OPERATIONS`: a byte goes to another LWP through a pipe and comes back. */

import {
  curlwp,
  lwp_create,
  lwp_start,
  lwp_wait,
  program,
  rumpuser_dprintf,
  type Sys,
} from 'rumpus';

interface Ends {
  readonly sys: Sys;
  readonly from: number;
  readonly to: number;
}

/** Sends back what comes, until the other end is closed. */
function* echo({ sys, from, to }: Ends) {
  const byte = new Uint8Array(1);
  while ((yield* sys.read(from, byte)) > 0) yield* sys.write(to, byte);
}

function* roundTrips({ sys, from, to }: Ends, count: number) {
  const byte = new Uint8Array(1);
  for (let i = 0; i < count; i++) {
    yield* sys.write(to, byte);
    yield* sys.read(from, byte);
  }
}

export default program(function* main(sys, { args }) {
  const [windows, operations] = args.map(Number);
  const [thereRead, thereWrite] = yield* sys.pipe();
  const [backRead, backWrite] = yield* sys.pipe();
  const l = curlwp();
  const other = lwp_create(l.proc, echo, { sys, from: thereRead, to: backWrite }, 'echo');
  lwp_start(other);
  for (let i = 0; i < windows; i++) {
    rumpuser_dprintf('lap');
    yield* roundTrips({ sys, from: backRead, to: thereWrite }, operations);
  }
  rumpuser_dprintf('lap');
  yield* sys.close(thereWrite);
  yield* lwp_wait(l, other.lid);
});

/** `alternate DEPTH COUNT`: two LWPs pass COUNT scheduling points each, DEPTH calls deep. */

import { curlwp, lwp_create, lwp_start, lwp_wait, type MaySleep, preempt, program } from 'rumpus';

interface Work {
  readonly depth: number;
  readonly count: number;
}

function* descend(depth: number, count: number): Generator<void, void, void> {
  if (depth > 0) yield* descend(depth - 1, count);
  else yield* takeTurns(count);
}

function* takeTurns(count: number): Generator<void, void, void> {
  for (let i = 0; i < count; i++) yield* preempt();
}

/** The thread's own frames (trampoline, this, takeTurns, preempt) count as calls too. */
function work({ depth, count }: Work): MaySleep<void> {
  return descend(Math.max(0, depth - 4), count);
}

export default program(
  { components: [], ncpu: 2, lockdebug: false },
  function* main(_sys, { args }) {
    const l = curlwp();
    const task: Work = { depth: Number(args[0]), count: Number(args[1]) };
    const one = lwp_create(l.proc, work, task, 'one');
    const two = lwp_create(l.proc, work, task, 'two');
    lwp_start(one);
    lwp_start(two);
    yield* lwp_wait(l, one.lid);
    yield* lwp_wait(l, two.lid);
  },
);

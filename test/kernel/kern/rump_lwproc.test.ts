/** rump_lwproc(3): one thread acts as several processes. */

import { expect, test } from 'vitest';
import {
  isErrno,
  kpause,
  RUMP_RFCFDG,
  rump_lwproc_curlwp,
  rump_lwproc_newlwp,
  rump_lwproc_releaselwp,
  rump_lwproc_rfork,
  rump_lwproc_switch,
} from '../../../kernel/index.ts';
import { passes, run } from '../harness.ts';

const bare = { components: [] };

test('a thread becomes a new process and its first one again', () => {
  passes(bare, function* main(sys) {
    const first = yield* sys.getpid();
    yield* rump_lwproc_rfork(RUMP_RFCFDG);
    const second = yield* sys.getpid();
    yield* sys.setuid(1000);
    yield* kpause('asother', 'uninterruptible', 1e6);
    const uid = yield* sys.getuid();
    yield* rump_lwproc_releaselwp();
    const back = [yield* sys.getpid(), yield* sys.getuid()];
    if (second === first || uid !== 1000) throw new Error(`${first} ${second} ${uid}`);
    if (back[0] !== first || back[1] !== 0) throw new Error(`${back}`);
  });
});

test('a thread switches between LWPs that it keeps, and passes as whichever it is', () => {
  passes(bare, function* main(sys) {
    const home = rump_lwproc_curlwp();
    yield* rump_lwproc_rfork(0);
    const other = rump_lwproc_curlwp();
    rump_lwproc_switch(home);
    yield* kpause('home', 'uninterruptible', 1e6);
    rump_lwproc_switch(other);
    const pid = yield* sys.getpid();
    if (pid !== other.proc.pid || other === home) throw new Error(`${pid}`);
    const missing = rump_lwproc_newlwp(4711);
    if (!isErrno(missing)) throw new Error('a process that is not there has an LWP');
  });
});

test('an LWP that was released cannot be switched to', () => {
  const { outcome } = run(bare, function* main() {
    yield* rump_lwproc_rfork(0);
    const other = rump_lwproc_curlwp();
    yield* rump_lwproc_releaselwp();
    rump_lwproc_switch(other);
  });
  expect(outcome.verdict).toBe('kassert');
});

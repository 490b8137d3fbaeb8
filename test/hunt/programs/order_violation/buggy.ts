/**
 * Order violation: Mozilla's nsThread::Init, figure 4 of Lu and others, "Learning from mistakes"
 * (ASPLOS 2008).
 *
 * Bug      The new thread uses the variable in which its creator is still to store it.
 * Needs    One preemption: of the creator, between pthread_create() and the assignment.
 */

import { expectVerdict, type Pthread, program, pthread_create, pthread_join } from 'rumpus';

class Thread {
  native: Pthread | null = null;
  state = 'new';
}

function* body(thread: Thread): Generator<void, void, void> {
  if (thread.native === null) throw new Error('order violation: the thread does not know itself');
  thread.state = `runs as ${thread.native.name}`;
}

const expect = expectVerdict('program-error', /order violation: the thread does not know itself/);

export default program({ components: [], expect }, function* main() {
  const thread = new Thread();
  thread.native = yield* pthread_create(body, thread, 'mozilla');
  yield* pthread_join(thread.native);
});

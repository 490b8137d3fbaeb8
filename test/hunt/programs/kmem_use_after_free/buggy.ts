/**
 * Use after free across threads: the commonest end of a race in a kernel; Serebryany and others,
 * "AddressSanitizer" (USENIX ATC 2012); pool(9).
 *
 * Bug      One thread takes the session out of the table and frees it, while another has looked it
 *          up under the lock but uses it without.
 * Needs    One preemption, between the lookup and the use.
 */

import {
  curkernel,
  expectVerdict,
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
import { lwps } from '../kit.ts';

class Session {
  user = 'nobody';
}

class Sessions {
  readonly lock = mutex_obj_alloc(MUTEX_DEFAULT, 'sessions');
  readonly byId = new Map<number, Session>();
  readonly pool: Pool<Session>;

  constructor(pool: Pool<Session>) {
    this.pool = pool;
  }
}

function* lookup(sessions: Sessions, id: number): Generator<void, Session | undefined, void> {
  yield* mutex_enter(sessions.lock);
  const session = sessions.byId.get(id);
  mutex_exit(sessions.lock);
  return session;
}

function* rename(sessions: Sessions, id: number): Generator<void, void, void> {
  const session = yield* lookup(sessions, id);
  if (session !== undefined) session.user = 'root';
}

function* logout(sessions: Sessions, id: number): Generator<void, void, void> {
  yield* mutex_enter(sessions.lock);
  const session = sessions.byId.get(id);
  sessions.byId.delete(id);
  mutex_exit(sessions.lock);
  if (session !== undefined) pool_put(sessions.pool, session);
}

const expect = expectVerdict('use-after-free', /session\.user is written after the session was/);

export default program({ components: [], expect }, function* main() {
  const pool: Pool<Session> = pool_init(curkernel(), 'session', 32, () => new Session());
  const sessions = new Sessions(pool);
  sessions.byId.set(7, (yield* pool_get(pool, PR_WAITOK))!);
  yield* lwps({ logout: () => logout(sessions, 7), rename: () => rename(sessions, 7) });
});

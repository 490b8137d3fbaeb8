/** A session that is used under the lock of its table. */

import {
  curkernel,
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

function* rename(sessions: Sessions, id: number): Generator<void, void, void> {
  yield* mutex_enter(sessions.lock);
  const session = sessions.byId.get(id);
  if (session !== undefined) session.user = 'root';
  mutex_exit(sessions.lock);
}

function* logout(sessions: Sessions, id: number): Generator<void, void, void> {
  yield* mutex_enter(sessions.lock);
  const session = sessions.byId.get(id);
  sessions.byId.delete(id);
  mutex_exit(sessions.lock);
  if (session !== undefined) pool_put(sessions.pool, session);
}

export default program({ components: [] }, function* main() {
  const pool: Pool<Session> = pool_init(curkernel(), 'session', 32, () => new Session());
  const sessions = new Sessions(pool);
  sessions.byId.set(7, (yield* pool_get(pool, PR_WAITOK))!);
  yield* lwps({ logout: () => logout(sessions, 7), rename: () => rename(sessions, 7) });
});

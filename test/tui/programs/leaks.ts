import {
  curkernel,
  KM_SLEEP,
  kmem_alloc,
  PR_WAITOK,
  type Pool,
  pool_get,
  pool_init,
  pool_put,
  program,
} from 'rumpus';

interface Node {
  size: number;
}

function* helper(pool: Pool<Node>) {
  return (yield* pool_get(pool, PR_WAITOK))!;
}

/** Leaks, or uses what it has freed when its argument says so. */
export default program({ components: [] }, function* main(_sys, { args }) {
  const pool: Pool<Node> = pool_init(curkernel(), 'node', 100, () => ({ size: 0 }));
  const node = yield* helper(pool);
  if (args[0] === 'freed') {
    pool_put(pool, node);
    node.size = 1;
  }
  yield* kmem_alloc(64, KM_SLEEP, 'buffer');
});

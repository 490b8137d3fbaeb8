/** Timing kernel functions from the host, as if on the boot path of a small world. */

import {
  DEFAULT_BUDGET,
  DEFAULT_CONFIG,
  DefaultStrategy,
  IsolatedHost,
  newKernel,
  onBootPath,
  World,
} from '../kernel/index.ts';

/** A world with one bare kernel that nothing runs in. */
export function idleWorld(): World {
  const w = new World({
    strategy: new DefaultStrategy(),
    grain: 'sync',
    budget: DEFAULT_BUDGET,
    host: new IsolatedHost(1),
    observer: {},
    seed: 1,
    checkpoints: false,
  });
  newKernel(w, 'kernel', { ...DEFAULT_CONFIG, lockdebug: false });
  return w;
}

/** Calls `body` where kernel functions may be called that do not sleep. */
export function insideWorld<T>(body: (w: World) => T): T {
  const w = idleWorld();
  return onBootPath(w, () => body(w));
}

/**
 * Moves a directory into another one, and removes it there.
 */

import type { Sys } from 'rumpus';

export function* move(sys: Sys): Generator<void, void, void> {
  yield* sys.mkdir('/from', 0o755);
  yield* sys.mkdir('/from/child', 0o755);
  yield* sys.mkdir('/to', 0o755);
  yield* sys.rename('/from/child', '/to/child');
  yield* sys.rmdir('/to/child');
  yield* sys.rmdir('/to');
  yield* sys.rmdir('/from');
}

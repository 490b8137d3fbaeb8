/** Running the functions of a test on threads. */

import { type Pthread, pthread_create, pthread_join } from '../../../kernel/index.ts';
import type { MaySleep } from '../../../kernel/maysleep.ts';

/** Runs each body on a thread and joins all. */
export function* threads(...bodies: (() => MaySleep<unknown>)[]): Generator<void, void, void> {
  const made: Pthread[] = [];
  for (const [i, body] of bodies.entries()) {
    made.push(yield* pthread_create(body, undefined, `thread${i}`));
  }
  for (const t of made) yield* pthread_join(t);
}

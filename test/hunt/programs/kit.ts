/** What most of these programs begin and end with: threads are started, and waited for. */

import { curlwp, lwp_create, lwp_start, lwp_wait, type MaySleep } from 'rumpus';
import { pthread_create, pthread_join } from 'rumpus';

/** What threads are to run, by their names, in the order in which they are started. */
export type Bodies = Readonly<Record<string, () => MaySleep<unknown>>>;

/** `count` bodies of one kind: name0, name1… */
export function several(
  name: string,
  count: number,
  body: (index: number) => MaySleep<unknown>,
): Bodies {
  const entries = Array.from({ length: count }, (_, i) => [`${name}${i}`, () => body(i)] as const);
  return Object.fromEntries(entries);
}

/** Runs each body as a thread, and returns when all have ended: pthread_create, pthread_join. */
export function* threads(bodies: Bodies): Generator<void, void, void> {
  const started = [];
  for (const [name, body] of Object.entries(bodies)) {
    started.push(yield* pthread_create(body, undefined, name));
  }
  for (const t of started) yield* pthread_join(t);
}

/** The same in the kernel's own terms: lwp_create, lwp_start, lwp_wait. */
export function* lwps(bodies: Bodies): Generator<void, void, void> {
  const l = curlwp();
  const made = Object.entries(bodies).map(([name, body]) =>
    lwp_create(l.proc, body, undefined, name),
  );
  for (const other of made) lwp_start(other);
  for (const other of made) void (yield* lwp_wait(l, other.lid));
}

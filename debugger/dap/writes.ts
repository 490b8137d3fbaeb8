/** After a write: what the client shows is old, and the run may be a diversion now. */

import { notice } from './output.ts';
import type { Session } from './session.ts';

/** Runs of which it was said that they are diversions. */
const told = new WeakSet<Session>();

/** Something was written: the client is to ask again. */
export function wrote(session: Session): void {
  session.registry.forgetStacks();
  invalidate(session, ['variables']);
  session.capabilities.update(session);
  tellDiversion(session);
}

/** The client's pictures of some things are old. */
export function invalidate(session: Session, areas: readonly string[]): void {
  if (!session.client.supports('supportsInvalidatedEvent')) return;
  session.tell('invalidated', { areas });
}

/** Says once that the run has left what was recorded, and once that it is back. */
export function tellDiversion(session: Session): void {
  const { stop } = session.target;
  if (stop === null || stop.diverted === told.has(session)) return;
  if (stop.diverted) {
    told.add(session);
    notice(
      session,
      `This is a diversion from icount ${stop.icount} on: a run of its own, in which what was ` +
        'written stays written. What was recorded is untouched; a restart is without it.',
      'important',
    );
  } else {
    told.delete(session);
    notice(session, 'This is before the diversion: here the run is as it was recorded.');
  }
}

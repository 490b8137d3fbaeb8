/**
 * When one side is gone: the client without good-bye, or the target without having been asked to.
 * What was recorded is kept, and where is said; no process is left behind.
 */

import { dirname, resolve } from 'node:path';
import type { Target } from '../target/index.ts';
import { ended } from './arrival.ts';
import { sentenceFor } from './errors.ts';
import { notice } from './output.ts';
import { makeFolder } from '../folder.ts';
import { freeName } from './save.ts';
import type { Session } from './session.ts';

/** Host time that a move gets to end after it was interrupted, ms. */
const PATIENCE_MS = 3000;

/** The client's connection ended: whatever it had is saved, and closed. */
export async function vanished(session: Session): Promise<void> {
  if (session.phase === 'closed') return;
  const before = session.phase;
  session.phase = 'closed';
  await session.opened();
  const target = session.anyTarget;
  if (target === null) return;
  if (before !== 'initialized' && session.gone === '') {
    session.host.say(await kept(session));
  }
  session.gone = 'The client is gone.';
  await target.close();
}

/** Saves what a live run has recorded; gives the sentence that says so, or why it is not. */
async function kept(session: Session): Promise<string> {
  const { target } = session;
  const gone = 'The client is gone without good-bye';
  if (session.configuration?.open.kind === 'attach') return `${gone}; the process runs on.`;
  if (target.kind !== 'live') return `${gone}; the session is closed.`;
  const file = freeName(session, '.rumpus');
  try {
    if (session.mover.away) session.mover.pause();
    await within(
      PATIENCE_MS,
      session.gate.alone(async () => undefined),
    );
    makeFolder(dirname(resolve(file)));
    await within(PATIENCE_MS, target.saveRecording(file));
    return `${gone}; what was run is recorded in ${file}`;
  } catch (thrown) {
    return `${gone}; nothing was kept: ${sentenceFor(thrown)}`;
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The target's process is gone: killed, or out of memory. The session can be restarted. */
export async function died(session: Session, why: string): Promise<void> {
  const target = session.anyTarget;
  session.gone = `The program is gone: ${why}.`;
  const recording = target?.kind === 'live' ? await lastRecording(session, target) : '';
  notice(session, `${session.gone}${recording}`, 'important');
  ended(session, 1);
}

async function lastRecording(session: Session, target: Target): Promise<string> {
  const file = freeName(session, '.rumpus');
  try {
    makeFolder(dirname(resolve(file)));
    await within(PATIENCE_MS, target.saveRecording(file));
    return ` What was run is recorded in ${file}`;
  } catch (thrown) {
    return ` Its recording is lost: ${sentenceFor(thrown)}`;
  }
}

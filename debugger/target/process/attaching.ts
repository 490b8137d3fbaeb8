/** Attaching to a process that runs: who listens at a port, having it stand, and what it cannot. */

import type { DataNeeds } from '../../agent/data/dataid.ts';
import { type Listening, listeningAt } from '../../agent/listening.ts';
import type { Arrival, Where } from '../../agent/protocol.ts';
import { type DataInfo, type Stop, TargetError } from '../target.ts';
import type { Connection } from './connection.ts';

/** How often a process that is attached to is asked to stop, ms. */
const HALT_MS = 200;

/** Why accesses of fields are not told in a process that was attached to. */
export const NOT_COMPILED =
  'the image of a process that was attached to is not compiled for data breakpoints; ' +
  'debug its program or its recording';

/** Errors: TargetError, when none of this user's processes is known to listen there. */
export function knownAt(port: number): Listening {
  const known = listeningAt(port);
  if (known !== undefined) return known;
  throw new TargetError(
    `no process that can be attached to is known at port ${port}; ` +
      `\`rumpus run FILE --inspect ${port}\` starts one`,
  );
}

/** Stops what runs in the process; the stop is null when nothing has run there yet. */
export async function halt(
  connection: Connection,
  pause: Promise<unknown>,
): Promise<{ readonly pid: number; readonly stop: Stop | null }> {
  // While it prints or looks something up it cannot be stopped.
  const again = setInterval(() => void connection.ask('halt').catch(() => {}), HALT_MS);
  try {
    const [{ pid, isBegun }] = await Promise.all([connection.ask<Arrival>('attach'), pause]);
    return { pid, stop: isBegun ? (await connection.ask<Where>('where')).stop : null };
  } finally {
    clearInterval(again);
  }
}

/** What can be watched in the image as it is. */
export async function watchable(connection: Connection, info: DataInfo): Promise<DataInfo> {
  if (info.dataId === null) return info;
  const needs = await connection.ask<DataNeeds>('dataNeeds', [info.dataId]);
  if (needs.fields.length === 0 && !needs.elements) return info;
  return { dataId: null, description: NOT_COMPILED, accesses: [] };
}

/**
 * Who hunts at a server, so that a worker with another kernel can say why it has nothing to do.
 *
 * A sorted set: `<kernel> <version> <hunt>`, with the moment until which it holds, by the server's
 * clock.
 */

import type { Redis } from 'ioredis';
import { packageVersion } from '../../run/load.ts';
import { HUNTS_KEY } from './keys.ts';

/** How long a sign of life holds, s. */
const ALIVE_S = 10;

async function serverTime(client: Redis): Promise<number> {
  const [seconds] = await client.time();
  return Number(seconds);
}

/** Says that a hunt is under way. To be called more often than every ALIVE_S. */
export async function showHunt(client: Redis, kernel: string, hunt: string): Promise<void> {
  const now = await serverTime(client);
  await client.zadd(HUNTS_KEY, now + ALIVE_S, `${kernel} ${packageVersion()} ${hunt}`);
  await client.zremrangebyscore(HUNTS_KEY, '-inf', now);
}

/** One hunt less. */
export async function hideHunt(client: Redis, kernel: string, hunt: string): Promise<void> {
  await client.zrem(HUNTS_KEY, `${kernel} ${packageVersion()} ${hunt}`);
}

/** A sentence when all hunts there need another kernel than this one. */
export async function huntsElsewhere(client: Redis, kernel: string): Promise<string | undefined> {
  const now = await serverTime(client);
  const members = await client.zrangebyscore(HUNTS_KEY, now, '+inf');
  const hunts = members.map((member) => member.split(' '));
  if (hunts.length === 0 || hunts.some(([one]) => one === kernel)) return undefined;
  const [other = '', version = ''] = hunts[0];
  return (
    `a hunt there runs on rumpus ${version} (kernel ${other}), which this rumpus ` +
    `${packageVersion()} (kernel ${kernel}) cannot help: install the same version`
  );
}

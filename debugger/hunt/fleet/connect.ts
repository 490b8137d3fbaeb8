/**
 * The connection to a fleet's Redis server. BullMQ and its client are loaded here, when a fleet is
 * asked for: no other command pays for them.
 *
 * At the start, a server that cannot be used is one sentence within seconds. Later, a server that
 * is gone is waited for, with back-off: commands queue up until it is there again.
 */

import type { Redis } from 'ioredis';
import { InputError } from '../../errors.ts';
import type { FleetAddress } from './address.ts';

/** Milliseconds in which a server has to answer at the start. */
const ANSWER_MS = 4000;
/** Wait before the first new attempt to connect, and at most, in ms. */
const RETRY_MS = 100;
const RETRY_MAX_MS = 3000;
/** What BullMQ needs. */
const REDIS_VERSION: readonly [number, number] = [6, 2];

/** A server, connected. */
export interface Connection {
  readonly address: FleetAddress;
  readonly client: Redis;
  /** For BullMQ to make further connections. */
  readonly options: ConnectionSettings;
  /** Whether it is connected at this moment. */
  isUp(): boolean;
  /** Ends it at once; what waits for an answer gets an error. */
  close(): void;
}

export type ConnectionSettings = ReturnType<typeof optionsFor>;

function optionsFor(address: FleetAddress) {
  const { host, port, database, username, password, tls } = address;
  return {
    ...{ host, port, db: database, username, password },
    ...(tls ? { tls: {} } : {}),
    // RESP2 is what every server of these versions speaks.
    protocol: 2 as const,
    connectTimeout: ANSWER_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) =>
      Math.min(RETRY_MS * 2 ** Math.min(attempt, 10), RETRY_MAX_MS),
    // A server that is loading its data, or was made a replica, will be ready later.
    reconnectOnError: (error: Error) => /^READONLY/.test(error.message),
  };
}

/** Connects. `say` hears when the server is lost and found again. Throws InputError. */
export async function connect(
  address: FleetAddress,
  say: (text: string) => void,
): Promise<Connection> {
  const { Redis } = await loadClient();
  const options = optionsFor(address);
  await checkReachable(address);
  const client = new Redis(options);
  let lost = false;
  let closed = false;
  client.on('error', () => {});
  client.on('close', () => {
    if (lost || closed) return;
    lost = true;
    say(`the connection to ${address.text} is lost; trying again`);
  });
  client.on('ready', () => {
    if (lost) say(`connected to ${address.text} again`);
    lost = false;
  });
  const close = () => {
    closed = true;
    client.disconnect();
  };
  return { address, client, options, isUp: () => client.status === 'ready', close };
}

/** Whether the server can be used, before anything else is done. Throws InputError if not. */
export async function checkReachable(address: FleetAddress): Promise<void> {
  const { Redis } = await loadClient();
  const options = optionsFor(address);
  await probe(new Redis({ ...options, lazyConnect: true, retryStrategy: () => null }), address);
}

async function loadClient(): Promise<Pick<typeof import('ioredis'), 'Redis'>> {
  try {
    return await import('ioredis');
  } catch {
    throw new InputError(
      '--fleet needs the packages bullmq and ioredis: npm install bullmq ioredis',
    );
  }
}

/** Asks the server who it is. */
async function probe(client: Redis, address: FleetAddress): Promise<void> {
  let reason = '';
  client.on('error', (error: Error) => {
    reason ||= reasonOf(error);
  });
  try {
    const info = await within(client.connect().then(() => client.info('server')));
    checkVersion(info, address);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = reason || reasonOf(error);
    throw new InputError(`no Redis server can be used at ${address.text}: ${why}`);
  } finally {
    client.disconnect();
  }
}

function checkVersion(info: string, address: FleetAddress): void {
  const [, text = '', major, minor] = /redis_version:((\d+)\.(\d+)[\d.]*)/.exec(info) ?? [];
  const [needMajor, needMinor] = REDIS_VERSION;
  const isOld = Number(major) * 1000 + Number(minor) < needMajor * 1000 + needMinor;
  if (text !== '' && isOld) {
    const needed = REDIS_VERSION.join('.');
    throw new InputError(`${address.text} is Redis ${text}; a fleet needs ${needed} or later`);
  }
}

async function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `no answer within ${ANSWER_MS / 1000} s`;
    timer = setTimeout(() => reject(new Error(message)), ANSWER_MS);
  });
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there (ECONNREFUSED)'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host'],
  [/ETIMEDOUT/, 'no answer'],
  [/NOAUTH|WRONGPASS|invalid password|without any password/, 'the password is wrong or missing'],
  [/Protocol error|ParserError/, 'what listens there does not speak its protocol'],
  [/Connection is closed/, 'the connection was closed'],
];

/** One line about a client's error. */
function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const text = `${code} ${message}`;
  const known = REASONS.find(([pattern]) => pattern.test(text));
  return known?.[1] ?? (message.split('\n')[0] || code);
}

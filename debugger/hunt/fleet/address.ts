/**
 * Where a fleet's Redis server is: `redis://[user:password@]host[:port][/database]`, or `rediss://`
 * for TLS. The password is in no message.
 */

import { InputError } from '../../errors.ts';

const PORT = 6379;

export interface FleetAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
  /** As it may be shown. */
  readonly text: string;
}

/** Reads an address. Throws InputError with one sentence. */
export function fleetAddress(text: string): FleetAddress {
  const url = parsed(text);
  const tls = url.protocol === 'rediss:';
  const path = url.pathname.replace(/^\//, '');
  if ((url.protocol !== 'redis:' && !tls) || url.hostname === '' || !/^\d{0,4}$/.test(path)) {
    throw wrong(text);
  }
  const port = url.port === '' ? PORT : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const database = Number(path);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    ...{ host, port, database, tls },
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    text: `${url.protocol}//${shownHost}:${port}${database === 0 ? '' : `/${database}`}`,
  };
}

function parsed(text: string): URL {
  try {
    const url = new URL(text);
    // What cannot be decoded is wrong here, not later.
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    throw wrong(text);
  }
}

function wrong(text: string): InputError {
  const shown = text.replace(/\/\/[^@/]*@/, '//…@');
  return new InputError(
    `--fleet must be an address such as redis://localhost:6379, not '${shown}'`,
  );
}

/** Host files in a run: what the host calls them must not be seen, and none may stay open. */

import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SeededHost } from '../../debugger/run/host.ts';
import { Errno } from '../../kernel/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'rumpus-host-'));
writeFileSync(join(folder, 'disk'), 'content');

function open(host: SeededHost): number {
  const file = host.open('disk', false);
  if (file instanceof Errno) throw new Error(file.code);
  return file.handle;
}

test('handles are the same whatever else the host has open: digests hold them (issue 2)', () => {
  const host = new SeededHost(folder, () => {});
  const first = [open(host), open(host)];
  const others = [1, 2, 3].map(() => openSync(join(folder, 'disk'), 'r'));
  host.reseed(2);
  expect([open(host), open(host)]).toEqual(first);
  expect(host.read(first[1], 3, 2)).toEqual(new TextEncoder().encode('te'));
  host.closeAll();
  for (const other of others) closeSync(other);
});

test('a hundred runs leave no host file open', () => {
  const host = new SeededHost(folder, () => {});
  for (let run = 0; run < 100; run++) {
    host.reseed(run);
    expect(open(host)).toBe(1);
  }
  const handle = open(host);
  host.close(handle);
  expect(host.read(handle, 0, 1)).toBeInstanceOf(Errno);
  host.closeAll();
  if (process.platform === 'linux') {
    const links = readdirSync('/proc/self/fd').length;
    expect(links).toBeLessThan(100);
  }
  rmSync(folder, { recursive: true });
});

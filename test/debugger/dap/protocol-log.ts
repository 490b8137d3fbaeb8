/**
 * A session as a text that can be compared: what was sent and what came, a message a line, without
 * what differs between machines and between versions of the kernel.
 *
 *   → next {"threadId":1}
 *   ← next
 *   • stopped {"reason":"step","threadId":1,"rumpus":{"icount":"i4"}}
 *
 * Icounts are i1, i2… in the order in which they appear: the same one is the same moment. Lines in
 * the kernel's sources are left out.
 */

import { fileURLToPath } from 'node:url';
import type { RawClient } from './client.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Which components there are, and what they are made of, is the kernel's. */
const LEFT_OUT: ReadonlySet<string> = new Set(['module']);
const DROPPED: ReadonlySet<string> = new Set([
  ...['virtualTimeNs', 'lastIcount'],
  // How large records of the kernel are.
  ...['namedVariables', 'objectId', 'lockId'],
]);

export function protocolLog(client: RawClient): string {
  const icounts = new Map<number, string>();
  const lines: string[] = [];
  for (const message of client.log) {
    const line = lineOf(message, (_key, value: unknown) => plain(value, icounts));
    if (line !== undefined) lines.push(line.replaceAll(ROOT, '$/'));
  }
  return `${lines.join('\n')}\n`;
}

type Replacer = (key: string, value: unknown) => unknown;

function lineOf(message: RawClient['log'][number], replacer: Replacer): string | undefined {
  const text = (value: unknown) =>
    value === undefined ? '' : ` ${JSON.stringify(value, replacer)}`;
  if (message.type === 'request' && 'arguments' in message) {
    return `→ ${message.command}${text(message.arguments)}`;
  }
  if (!('seq' in message)) return undefined;
  const { type, command, event, success, message: sentence, body } = message;
  if (type === 'event') {
    return LEFT_OUT.has(event ?? '') ? undefined : `• ${event}${text(body)}`;
  }
  return success ? `← ${command}${text(body)}` : `✗ ${command}: ${sentence}`;
}

function plain(value: unknown, icounts: Map<number, string>): unknown {
  if (typeof value === 'string') return plainText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !DROPPED.has(name))
    .map(([name, inside]) => [name, name === 'icount' ? named(inside, icounts) : inside]);
  const record = Object.fromEntries(entries) as Record<string, unknown>;
  const source = record['source'] as { path?: string } | undefined;
  if (source?.path?.includes('/kernel/')) {
    for (const name of ['line', 'column']) delete record[name];
  }
  return record;
}

function named(icount: unknown, icounts: Map<number, string>): unknown {
  if (typeof icount !== 'number') return icount;
  const name = icounts.get(icount) ?? `i${icounts.size + 1}`;
  icounts.set(icount, name);
  return name;
}

function plainText(text: string): string {
  return text
    .replace(/(rumpus\/kernel\/[\w./-]+):\d+/g, '$1')
    .replace(/\bicount \d+/g, 'icount N')
    .replace(/ #\d+/g, ' #N');
}

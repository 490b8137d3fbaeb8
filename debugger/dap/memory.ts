/** Memory: the bytes of typed arrays, such as disk blocks and packets, for a hex editor. */

import { type Arguments, maybeNumber, text, wholeNumber } from './args.ts';
import { DapError } from './errors.ts';
import type { Answer, Requests, Session } from './session.ts';
import { checkWrites } from './variables.ts';
import { wrote } from './writes.ts';

/** More at once is refused: a client asks for pages. */
const MAX_BYTES = 16 << 20;

/** Where a request begins; nothing stands before the first byte. */
function offsetOf(args: Arguments): number {
  const offset = maybeNumber(args, 'offset', Number.MIN_SAFE_INTEGER) ?? 0;
  if (offset >= 0) return offset;
  throw new DapError('argument', 'There is nothing before the first byte: offset is negative.');
}

async function readMemory(session: Session, args: Arguments): Promise<Answer> {
  const memory = text(args, 'memoryReference');
  const offset = offsetOf(args);
  const count = wholeNumber(args, 'count');
  if (count > MAX_BYTES) throw new DapError('argument', `count must be at most ${MAX_BYTES}`);
  const bytes = await session.target.readMemory(memory, offset, count);
  const unreadable = count - bytes.length;
  return {
    address: `0x${offset.toString(16)}`,
    data: Buffer.from(bytes).toString('base64'),
    ...(unreadable > 0 ? { unreadableBytes: unreadable } : {}),
  };
}

async function writeMemory(session: Session, args: Arguments): Promise<Answer> {
  checkWrites(session);
  const memory = text(args, 'memoryReference');
  const offset = offsetOf(args);
  const data = text(args, 'data');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) {
    throw new DapError('argument', 'data must be bytes in base64.');
  }
  const bytes = Buffer.from(data, 'base64');
  const room = await session.target.readMemory(memory, offset, bytes.length);
  if (room.length < bytes.length && args['allowPartial'] !== true) {
    const wanted = `${bytes.length} bytes do not fit at offset ${offset}`;
    throw new DapError('target', `${wanted}: there are ${room.length} left.`);
  }
  const fitting = bytes.subarray(0, room.length);
  const bytesWritten = await session.target.writeMemory(memory, offset, fitting);
  wrote(session);
  if (session.client.supports('supportsMemoryEvent')) {
    session.tell('memory', { memoryReference: memory, offset, count: bytesWritten });
  }
  return { offset, bytesWritten };
}

export const memoryRequests: Requests = {
  readMemory: { when: 'stopped', handle: readMemory },
  writeMemory: { when: 'alone', handle: writeMemory },
};

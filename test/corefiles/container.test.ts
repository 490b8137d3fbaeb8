/** The container: what it gives back, and what it gives back of a damaged file. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { crc32 as nativeCrc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crc32, tableCrc32 } from '../../corefiles/container/crc.ts';
import { encodeChunkHeader, encodeFileHeader } from '../../corefiles/container/format.ts';
import {
  type Chunk,
  ContainerWriter,
  CoreFileError,
  containerBytes,
  type CoreFileErrorKind,
  LIMITS,
  openContainer,
  type Sink,
  writeContainerFile,
} from '../../corefiles/index.ts';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'container-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const someChunks = (): Chunk[] => [
  { type: 'CONF', version: 1, raw: Buffer.from('{"a":1}') },
  { type: 'AAAA', version: 1, raw: Buffer.alloc(500, 'abc') },
  { type: 'BBBB', version: 2, raw: Buffer.alloc(0) },
  { type: 'AAAA', version: 1, raw: Buffer.from(Array.from({ length: 100 }, (_, i) => i * 37)) },
];

function contents(bytes: string | Uint8Array): Chunk[] {
  const file = openContainer(bytes);
  const chunks = file.chunks.flatMap((chunk) => {
    const raw = file.read(chunk);
    return raw === undefined ? [] : [{ type: chunk.type, version: chunk.version, raw }];
  });
  file.close();
  return chunks.map((chunk) => ({ ...chunk, raw: Buffer.from(chunk.raw) }));
}

function kindThrownBy(action: () => unknown): CoreFileErrorKind | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof CoreFileError) return error.kind;
    throw error;
  }
  return undefined;
}

describe('a sound container', () => {
  const chunk = fc.record({
    type: fc.string({ unit: fc.constantFrom(...'ABCXYZ059 '), minLength: 4, maxLength: 4 }),
    version: fc.integer({ min: 0, max: 255 }),
    raw: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  });

  it('gives back the chunks that were written', () => {
    const ours = chunk.filter(({ type }) => type !== 'TOC ' && type !== 'END ');
    fc.assert(
      fc.property(fc.array(ours, { maxLength: 20 }), (chunks) => {
        const bytes = containerBytes(chunks);
        expect(contents(bytes)).toEqual(chunks);
        expect(openContainer(bytes).complete).toBe(true);
      }),
    );
  });

  it('is the same from a file as from memory, and the same bytes twice', () => {
    const file = path.join(folder, 'same');
    writeContainerFile(file, someChunks());
    expect(fs.readFileSync(file)).toEqual(containerBytes(someChunks()));
    expect(contents(file)).toEqual(contents(containerBytes(someChunks())));
  });

  it('appears under its name only when finished, for its owner only', () => {
    const file = path.join(folder, 'atomic');
    const broken = function* (): Iterable<Chunk> {
      yield* someChunks();
      expect(fs.existsSync(file)).toBe(false);
      throw new Error('half way');
    };
    expect(() => writeContainerFile(file, broken())).toThrow('half way');
    expect(fs.readdirSync(folder).filter((name) => name.includes('atomic'))).toEqual([]);
    writeContainerFile(file, someChunks());
    if (process.platform !== 'win32') expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('may be appended to after its end', () => {
    const first = containerBytes(someChunks());
    const longer = containerBytes([...someChunks(), ...ends(first), someChunks()[0]]);
    expect(contents(longer)).toHaveLength(5);
    expect(openContainer(longer).complete).toBe(true);
  });
});

/** The TOC and END chunks of a file, as chunks. */
function ends(bytes: Buffer): Chunk[] {
  const file = openContainer(bytes);
  const end = bytes.subarray(bytes.length - 12);
  const at = Number(end.readBigUInt64LE(0));
  const stored = bytes.readUInt32LE(at + 20);
  file.close();
  const toc = { type: 'TOC ', version: 1, raw: bytes.subarray(at + 32, at + 32 + stored) };
  return [toc, { type: 'END ', version: 1, raw: end }];
}

describe('what is no container', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), 'not-rumpus'],
    ['text', Buffer.from('#!/bin/sh\necho hello\n'), 'not-rumpus'],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'not-rumpus'],
  ])('%s is refused in a sentence', (_, bytes, kind) => {
    expect(kindThrownBy(() => openContainer(bytes))).toBe(kind);
  });

  it('a file with changed line ends is told to be copied again', () => {
    const text = containerBytes(someChunks()).toString('latin1').replaceAll('\r\n', '\n');
    expect(() => openContainer(Buffer.from(text, 'latin1'))).toThrow(/binary mode/);
  });

  it('a newer major version is refused; a damaged version is not taken for one', () => {
    const bytes = containerBytes(someChunks());
    bytes[8] = 2;
    expect(openContainer(bytes).warnings[0]).toMatch(/header is damaged/);
    expect(contents(bytes)).toHaveLength(4);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 16)), 16);
    expect(kindThrownBy(() => openContainer(bytes))).toBe('newer-version');
  });

  it('a folder, a missing file, an impossible place', () => {
    expect(kindThrownBy(() => openContainer(folder))).toBe('unreadable');
    expect(kindThrownBy(() => openContainer(path.join(folder, 'none')))).toBe('unreadable');
    const nowhere = path.join(folder, 'none', 'x');
    expect(kindThrownBy(() => writeContainerFile(nowhere, []))).toBe('unwritable');
  });
});

describe('a damaged container', () => {
  it('opens when cut off at any byte, with every chunk that is whole, and says so', () => {
    const whole = containerBytes(someChunks());
    const offsets = openContainer(whole).chunks.map((c) => c.offset + 32 + c.storedBytes);
    for (let size = 8; size < whole.length; size++) {
      const file = openContainer(whole.subarray(0, size));
      const good = file.chunks.filter((chunk) => file.read(chunk) !== undefined);
      expect(good).toHaveLength(offsets.filter((end) => end <= size).length);
      expect(file.complete).toBe(false);
      expect(file.warnings.length).toBeGreaterThan(0);
    }
  });

  it('loses one chunk when any one byte is changed', () => {
    const whole = containerBytes(someChunks());
    for (let at = 8; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x20;
      expect(contents(bytes).length).toBeGreaterThanOrEqual(3);
      const file = openContainer(bytes);
      for (const chunk of file.chunks) file.read(chunk);
      expect(file.warnings.length).toBeGreaterThan(0);
    }
  });

  it('goes on after bytes were lost or added inside a chunk', () => {
    const whole = containerBytes(someChunks());
    const [, second] = openContainer(whole).chunks;
    const at = second.offset + 34;
    const shorter = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 3)]);
    const longer = Buffer.concat([
      whole.subarray(0, at),
      Buffer.alloc(99, 'x'),
      whole.subarray(at),
    ]);
    for (const bytes of [shorter, longer]) {
      expect(contents(bytes).map((c) => c.type)).toEqual(['CONF', 'BBBB', 'AAAA']);
    }
  });

  it('names a chunk that was taken out', () => {
    const whole = containerBytes(someChunks());
    const [, second, third] = openContainer(whole).chunks;
    const bytes = Buffer.concat([whole.subarray(0, second.offset), whole.subarray(third.offset)]);
    expect(openContainer(bytes).warnings.join(' ')).toMatch(
      /Chunk 1 \(AAAA, offset 59\) is missing/,
    );
  });

  it('takes no chunk of another file, and none twice', () => {
    const one = containerBytes(someChunks());
    const other = containerBytes([{ type: 'CONF', version: 1, raw: Buffer.from('{"a":2}') }]);
    const foreign = openContainer(other).chunks[0];
    const stray = other.subarray(foreign.offset, foreign.offset + 39);
    const own = one.subarray(20, 59);
    expect(contents(Buffer.concat([one.subarray(0, 59), stray, own, one.subarray(59)]))).toEqual(
      contents(one),
    );
  });

  it('does not mistake a file inside a chunk for its own chunks', () => {
    const inner = containerBytes([{ type: 'EVIL', version: 1, raw: Buffer.from('inner') }]);
    const outer = containerBytes([someChunks()[0], { type: 'BLOB', version: 1, raw: inner }]);
    outer[59 + 3] ^= 1;
    expect(contents(outer).map((chunk) => chunk.type)).toEqual(['CONF']);
  });
});

describe('limits', () => {
  function forged(rawBytes: number, stored: Uint8Array, codec = 1): Buffer {
    const header = { type: 'BOMB', fileId: 5, sequence: 0, codec, version: 1 };
    const payloadCrc = crc32(stored);
    const bytes = encodeChunkHeader({
      ...header,
      rawBytes,
      storedBytes: stored.length,
      payloadCrc,
    });
    return Buffer.concat([encodeFileHeader(5), bytes, stored]);
  }

  it.each([
    [
      'a length beyond the limit',
      forged(LIMITS.maxChunkBytes + 1, Buffer.alloc(1 << 16)),
      /larger/,
    ],
    [
      'a length that nothing inflates to',
      forged(5_000_000, Buffer.alloc(10)),
      /no data can inflate/,
    ],
    ['a wrong length', forged(50, deflateRawSync(Buffer.alloc(60))), /not inflate/],
    ['a short length', forged(70, deflateRawSync(Buffer.alloc(60))), /another length/],
    ['two lengths', forged(3, Buffer.alloc(4), 0), /two lengths differ/],
    ['an unknown codec', forged(4, Buffer.alloc(4), 9), /compression \(9\) is not known/],
  ])('%s is refused', (_, bytes, sentence) => {
    const file = openContainer(bytes);
    expect(file.read(file.chunks[0])).toBeUndefined();
    expect(file.warnings.join(' ')).toMatch(sentence);
  });

  it('the number of chunks and the bytes of them all are limited', () => {
    const bytes = containerBytes(someChunks());
    const few = openContainer(bytes, { ...LIMITS, maxChunks: 2 });
    expect(few.chunks).toHaveLength(2);
    const small = openContainer(bytes, { ...LIMITS, maxTotalBytes: 400 });
    expect(small.read(small.chunks[1])).toBeUndefined();
    expect(small.warnings.join(' ')).toMatch(/more than 400 bytes/);
  });

  it('a writer makes nothing that a reader would refuse', () => {
    const large = { type: 'HUGE', version: 1, raw: Buffer.alloc(LIMITS.maxChunkBytes) };
    expect(kindThrownBy(() => containerBytes([large, large, large, large]))).toBe('invalid');
    const raw = Buffer.alloc(LIMITS.maxChunkBytes + 1);
    expect(kindThrownBy(() => containerBytes([{ ...large, raw }]))).toBe('invalid');
    expect(kindThrownBy(() => containerBytes([{ ...large, type: 'a\n' }]))).toBe('invalid');
  });

  it('damage costs time in proportion to the file only', () => {
    const unit = forged(4, Buffer.alloc(4)).subarray(20);
    const nested = Buffer.concat([encodeFileHeader(5), ...new Array(100_000).fill(unit)]);
    const start = performance.now();
    openContainer(nested);
    openContainer(Buffer.concat([encodeFileHeader(5), Buffer.alloc(20_000_000, 'AAAA\x05\0\0\0')]));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

it('a full disk costs what did not fit, and the file can still be finished', () => {
  let bytes = Buffer.alloc(0);
  const sink: Sink = {
    write(more) {
      if (bytes.length + more.length > 400) throw new CoreFileError('unwritable', 'full');
      bytes = Buffer.concat([bytes, more]);
    },
    truncate(size) {
      bytes = bytes.subarray(0, size);
    },
    finish() {},
    abandon() {},
  };
  const writer = new ContainerWriter(sink);
  const noise = Buffer.from(Array.from({ length: 500 }, (_, i) => (i * i * 7919) >> 3));
  writer.add(someChunks()[0]);
  expect(() => writer.add({ type: 'HEAP', version: 1, raw: noise })).toThrow('full');
  writer.add(someChunks()[1]);
  writer.finish();
  expect(contents(bytes).map((chunk) => chunk.type)).toEqual(['CONF', 'AAAA']);
  expect(openContainer(bytes).complete).toBe(true);
});

it('both CRCs are the one of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const both = Buffer.concat([a, b]);
      expect(tableCrc32(b, tableCrc32(a))).toBe(crc32(both));
      if (nativeCrc32 !== undefined) expect(crc32(both)).toBe(nativeCrc32(both));
    }),
  );
  expect(tableCrc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

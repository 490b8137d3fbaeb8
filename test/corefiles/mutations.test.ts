/**
 * 10,000 damaged files: no crash, no hang, no wrong chunk accepted, bounded memory.
 *
 * First the bytes of a file are damaged: checksums must notice. Then payloads are damaged and their
 * checksums made right, as an attacker would: decoders must survive whatever they are given.
 */

import { expect, it } from 'vitest';
import {
  type Chunk,
  CoreFileError,
  containerBytes,
  decodeGraph,
  encodeGraph,
  type Graph,
  openContainer,
  printable,
  readGraphFrom,
  readRecordingFrom,
} from '../../corefiles/index.ts';
import { below, sampleCoreChunks, seeded } from './samples.ts';

const MUTATIONS = 10_000;
/** No file here takes more than a few milliseconds; this is for a busy machine. */
const MAX_MS = 3000;
const MAX_RSS_BYTES = 512 << 20;

type Random = () => number;

function mutate(random: Random, bytes: Buffer, other: Buffer): Buffer {
  const out = Buffer.from(bytes);
  const at = below(random, out.length);
  switch (below(random, 6)) {
    case 0:
      return out.subarray(0, at);
    case 1:
      for (let n = 1 + below(random, 20); n > 0; n--) {
        out[below(random, out.length)] ^= 1 << below(random, 8);
      }
      return out;
    case 2: {
      const noise = Buffer.from(
        Array.from({ length: below(random, 300) }, () => below(random, 256)),
      );
      return Buffer.concat([out.subarray(0, at), noise, out.subarray(at + below(random, 400))]);
    }
    case 3: {
      const from = below(random, other.length);
      const piece = other.subarray(from, from + below(random, 600));
      return Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
    }
    case 4:
      // An absurd length, or count, or id.
      if (at + 4 <= out.length)
        out.writeUInt32LE([0xffffffff, 0x7fffffff, 0x10000][below(random, 3)], at);
      return out;
    default:
      return out.copyWithin(at, below(random, out.length), below(random, out.length));
  }
}

/** Asks a graph everything. */
function exhaust(graph: Graph | undefined): void {
  for (const object of graph?.objects() ?? []) {
    let parts = 0;
    for (const [name] of object.fields()) parts += printable(name).length;
    for (const _ of object.elements()) if (++parts > 10_000) break;
    for (const _ of object.entries()) if (++parts > 10_000) break;
    object.bytes();
    object.get('x');
  }
  graph?.byType();
}

/** Opens a file and reads all of it. Returns the chunks that were accepted, or why there are none. */
function readAll(bytes: Buffer): Map<number, string> | undefined {
  try {
    const file = openContainer(bytes);
    const accepted = new Map<number, string>();
    for (const chunk of file.chunks) {
      const raw = file.read(chunk);
      if (raw !== undefined) accepted.set(chunk.sequence, chunk.type + raw.toString('latin1'));
    }
    const read = readRecordingFrom(file);
    exhaust(readGraphFrom(file));
    expect(read.warnings.length).toBeLessThan(200);
    return accepted;
  } catch (error) {
    expect(error).toBeInstanceOf(CoreFileError);
    expect(['not-rumpus', 'newer-version']).toContain((error as CoreFileError).kind);
    return undefined;
  }
}

it('damaged bytes are noticed, and never taken for what was written', { timeout: 300_000 }, () => {
  const bytes = containerBytes(sampleCoreChunks());
  const other = containerBytes(sampleCoreChunks().reverse());
  const original = readAll(bytes);
  let slowest = 0;
  let lost = 0;
  for (let seed = 0; seed < MUTATIONS; seed++) {
    const damaged = mutate(seeded(seed), bytes, other);
    const start = performance.now();
    const accepted = readAll(damaged);
    slowest = Math.max(slowest, performance.now() - start);
    for (const [sequence, text] of accepted ?? []) {
      if (original?.get(sequence) !== text) expect.fail(`seed ${seed}: chunk ${sequence} is wrong`);
    }
    if (accepted === undefined) lost++;
  }
  expect(slowest).toBeLessThan(MAX_MS);
  expect(process.memoryUsage().rss).toBeLessThan(MAX_RSS_BYTES);
  // Few mutations hit the magic; all others leave a file that opens.
  expect(lost).toBeLessThan(MUTATIONS / 20);
});

it('damaged payloads with right checksums do no harm', { timeout: 300_000 }, () => {
  const chunks = sampleCoreChunks();
  let slowest = 0;
  for (let seed = 0; seed < MUTATIONS; seed++) {
    const random = seeded(seed + 1_000_000);
    const victim = below(random, chunks.length);
    const other = Buffer.from(chunks[below(random, chunks.length)].raw);
    const hostile = chunks.map((chunk, i): Chunk => {
      if (i !== victim || chunk.raw.length === 0) return chunk;
      return {
        ...chunk,
        raw: mutate(random, Buffer.from(chunk.raw), Buffer.concat([other, Buffer.of(0)])),
      };
    });
    const bytes = containerBytes(hostile);
    const start = performance.now();
    expect(readAll(bytes)).toBeDefined();
    slowest = Math.max(slowest, performance.now() - start);
  }
  expect(slowest).toBeLessThan(MAX_MS);
  expect(process.memoryUsage().rss).toBeLessThan(MAX_RSS_BYTES);
});

it('small files that claim much take little memory', () => {
  const fill = (byte: number) => Buffer.alloc(32 << 20, byte);
  const types = ['DIRS', 'HYPR', 'CHKP', 'SRCS', 'IMAG', 'ESTR', 'EVNT', 'ENDR', 'GSEG', 'GBLB'];
  for (const byte of [0x00, 0x01, 0xff]) {
    for (const type of types) {
      const raw = Buffer.concat([lie(type), fill(byte)]).subarray(0, 32 << 20);
      readAll(containerBytes([{ type, version: 1, raw }]));
    }
  }
  expect(process.memoryUsage().rss).toBeLessThan(MAX_RSS_BYTES);
});

/** The beginning of a payload that claims as many items as the largest varint or limit lets it. */
function lie(type: string): Buffer {
  if (type === 'IMAG') return Buffer.from('0000ffff03', 'hex');
  if (type === 'GSEG') return Buffer.from('00808001ffff7f', 'hex');
  return Buffer.from('00ffff7f', 'hex');
}

it('a graph of cycles and lies has an end', () => {
  const knot: Record<string, unknown> = {};
  knot['self'] = knot;
  knot['map'] = new Map([[knot, knot]]);
  const chunks = encodeGraph({ knot });
  // The second segment claims the first one's objects; references go beyond all of them.
  const graph = decodeGraph([...chunks, ...chunks.slice(1)]);
  exhaust(graph);
  expect(graph.warnings.join(' ')).toMatch(/are there twice/);
  expect(graph.object(-1) ?? graph.object(0.5) ?? graph.object(Number.NaN)).toBeUndefined();
});

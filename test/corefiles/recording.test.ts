/** Recordings: round trips, truncation, and what they must not hold. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CoreFileError,
  decodeJson,
  openContainer,
  printable,
  printableLines,
  type RecordingData,
  readRecording,
  recordingBytes,
  recordingChunks,
  writeRecording,
} from '../../corefiles/index.ts';
import { sampleCoreChunks, sampleData, sampleEvents, sampleSources } from './samples.ts';

describe('a recording', () => {
  it('comes back as it was written', () => {
    const data = sampleData(100);
    const extras = { events: sampleEvents, console: 'hello\n' };
    const read = readRecording(recordingBytes(data, sampleSources, extras));
    expect(read.warnings).toEqual([]);
    expect([read.complete, read.missing]).toEqual([true, []]);
    expect(plain(read.data)).toEqual(plain(data));
    expect(read.sources).toEqual(sampleSources);
    expect(read.events).toEqual(sampleEvents);
    expect(read.console).toBe('hello\n');
  });

  it('any schedule, inputs and texts come back', () => {
    const int32 = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 40 }));
    const directive = fc.tuple(int32, int32, int32, fc.integer({ min: 0, max: 3 }));
    const call = fc.record({ kind: fc.nat(), payload: fc.uint8Array() });
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.array(directive),
        fc.array(call),
        text,
        fc.jsonValue(),
        (list, calls, message, json) => {
          const data: RecordingData = {
            ...sampleData(),
            config: { json: json as string },
            directives: Int32Array.from(list.flatMap((directive) => directive.slice(0, 3))),
            kinds: Uint8Array.from(list, ([, , , kind]) => kind),
            hypercalls: calls,
            end: { ...sampleData().end, message },
          };
          const read = readRecording(recordingBytes(data, [], { console: message }));
          expect(read.complete).toBe(true);
          expect(plain(read.data)).toEqual(plain(data));
          expect(read.console).toBe(message);
        },
      ),
    );
  });

  it('has lists longer than a chunk', () => {
    const data = sampleData(150_000);
    data.hypercalls = Array.from({ length: 40_000 }, (_, kind) => ({
      kind,
      payload: new Uint8Array(20),
    }));
    const read = readRecording(recordingBytes(data, sampleSources));
    expect(read.complete).toBe(true);
    expect(read.data.directives).toEqual(data.directives);
    expect(read.data.hypercalls).toHaveLength(40_000);
  });

  it('stores most directives in two bytes', () => {
    const data = sampleData(10_000);
    // As schedules are: who was switched to is who is preempted next.
    for (let i = 0; i < 10_000; i++) {
      data.directives.set([1 + (i % 3), 7 * i, 1 + ((i + 1) % 3)], i * 3);
      data.kinds[i] = 0;
    }
    const [chunk] = recordingChunks(data, []).filter(({ type }) => type === 'DIRS');
    expect(chunk.raw.length / 10_000).toBeLessThan(2.1);
  });

  it('follows the worked example of FORMAT.md', () => {
    const data = sampleData(3);
    data.directives = Int32Array.of(1, 10, 2, 2, 4, 1, 1, 31, 2);
    data.kinds = new Uint8Array(3);
    const [chunk] = recordingChunks(data, []).filter(({ type }) => type === 'DIRS');
    expect(Buffer.from(chunk.raw).toString('hex')).toBe('0003' + '140a' + '0c04' + '1415');
  });
});

/** Without typed views and prototypes that differ although the data do not. */
function plain(data: RecordingData): unknown {
  const hypercalls = data.hypercalls.map(({ kind, payload }) => ({ kind, payload: [...payload] }));
  return { ...data, hypercalls, config: JSON.parse(JSON.stringify(data.config)) };
}

describe('a damaged recording', () => {
  it('cut off at any byte opens as far as it goes and names what is missing', () => {
    const whole = recordingBytes(sampleData(), sampleSources, {
      events: sampleEvents,
      console: 'c',
    });
    const chunks = openContainer(whole).chunks;
    const ends = new Map(chunks.map((c) => [c.type, c.offset + 32 + c.storedBytes]));
    const parts = {
      CONF: 'config',
      ENDR: 'end',
      IMAG: 'image',
      HYPR: 'hypercalls',
      SRCS: 'sources',
    };
    for (let size = 8; size < whole.length; size++) {
      const read = readRecording(whole.subarray(0, size));
      expect(read.complete).toBe(false);
      for (const [type, part] of Object.entries(parts)) {
        expect(read.missing.includes(part as 'config')).toBe((ends.get(type) ?? 0) > size);
      }
      expect(read.warnings.length).toBeGreaterThan(0);
    }
  });

  it('follows a schedule up to a hole, never across it', () => {
    const data = sampleData(200_000);
    const bytes = recordingBytes(data, sampleSources);
    const second = openContainer(bytes).find('DIRS')[1];
    bytes[second.offset + 40] ^= 1;
    const read = readRecording(bytes);
    expect(read.missing).toEqual(['directives']);
    expect(read.data.directives).toEqual(data.directives.subarray(0, 65_536 * 3));
    expect(read.warnings.join(' ')).toMatch(/directives \(65536 of 200000 can be used\)/);
  });
});

describe('what does not belong in a file', () => {
  it.each(['/etc/passwd', 'C:\\x.ts', '\\\\host\\x', 'file:///x.ts'])(
    'a path like %s is refused',
    (bad) => {
      const data = sampleData();
      const write = () => recordingBytes(data, [{ path: bad, text: '' }]);
      expect(write).toThrow(CoreFileError);
      expect(() => recordingBytes({ ...data, config: { program: bad } }, [])).toThrow(
        /absolute path/,
      );
    },
  );

  it('a file holds neither the folders of this host nor its environment', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recording-'));
    const file = path.join(folder, 'x.rumpus');
    writeRecording(file, sampleData(), sampleSources, { events: sampleEvents });
    const opened = openContainer(file);
    const core = sampleCoreChunks().map((chunk) => chunk.raw);
    const texts = [...opened.chunks.map((c) => opened.read(c) as Buffer), ...core];
    const all = Buffer.concat([fs.readFileSync(file), ...texts]).toString('latin1');
    opened.close();
    fs.rmSync(folder, { recursive: true });
    const long = Object.values(process.env).filter((value) => (value ?? '').length > 7);
    for (const secret of [process.cwd(), os.homedir(), os.tmpdir(), folder, ...long]) {
      expect(all.includes(secret as string)).toBe(false);
    }
  });
});

describe('JSON from a file', () => {
  it('has no prototype and cannot reach one', () => {
    const record = decodeJson(Buffer.from('{"__proto__":{"polluted":true},"a":[{"b":null}]}'));
    expect(Object.getPrototypeOf(record)).toBe(null);
    expect(Object.keys(record)).toEqual(['__proto__', 'a']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([
    ['nested too deep', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['not JSON', '{"a":'],
    ['not a JSON record', '[1]'],
    ['more than', `{"a":"${'x'.repeat(1 << 20)}"}`],
  ])('is refused when %s', (why, text) => {
    expect(() => decodeJson(Buffer.from(text))).toThrow(why);
  });
});

it('printable spells out what could act on a terminal', () => {
  expect(printable('a\x1b[2J\n\x9b\u202eb\ud800é\u{1f980}')).toBe(
    'a\\x1b[2J\\n\\x9b\\u202eb\\ud800é\u{1f980}',
  );
  expect(printableLines('a\n\tb\r\x07')).toBe('a\n\tb\\r\\x07');
});

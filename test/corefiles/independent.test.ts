/** FORMAT.md is enough: a reader written from it alone agrees with ours. */

import { expect, it } from 'vitest';
import {
  containerBytes,
  openContainer,
  readGraphFrom,
  readRecordingFrom,
} from '../../corefiles/index.ts';
// @ts-expect-error: plain JavaScript, on purpose.
import * as independent from './independent-reader.mjs';
import { sampleCoreChunks, sampleData, sampleSources } from './samples.ts';

const bytes = containerBytes(sampleCoreChunks());
const theirs = independent.readChunks(bytes);

it('on chunks', () => {
  const file = openContainer(bytes);
  const ours = file.chunks.map((c) => ({
    type: c.type,
    payload: Uint8Array.from(file.read(c) ?? []),
  }));
  const same = theirs.slice(0, -2).map((c: { type: string; payload: Uint8Array }) => ({
    type: c.type,
    payload: Uint8Array.from(c.payload),
  }));
  expect(same).toEqual(ours);
});

it('on the recording', () => {
  const ours = readRecordingFrom(openContainer(bytes));
  const found = independent.readRecording(theirs);
  expect(found.config).toEqual(sampleData().config);
  expect(found.image).toEqual(ours.data.image);
  expect(found.end).toEqual(ours.data.end);
  expect(found.sources).toEqual(sampleSources);
  expect(found.console).toBe(ours.console);
  expect(found.events).toEqual({ ...ours.events, records: [...(ours.events?.records ?? [])] });
  expect(found.checkpoints).toEqual(ours.data.checkpoints);
  expect(found.directives).toEqual(
    Array.from(ours.data.kinds, (kind, i) => [
      ...ours.data.directives.subarray(i * 3, i * 3 + 3),
      kind,
    ]),
  );
  expect(found.hypercalls.map((c: { payload: Uint8Array }) => [...c.payload])).toEqual(
    ours.data.hypercalls.map((c) => [...c.payload]),
  );
});

it('on the graph', () => {
  const graph = readGraphFrom(openContainer(bytes));
  const found = independent.readGraph(theirs);
  const ours = [...(graph?.objects() ?? [])];
  expect(found.objects).toHaveLength(ours.length);
  for (const object of ours) {
    const same = found.objects[object.id];
    const [first, second] = same.elements;
    expect([same.type, same.kind]).toEqual([object.type, object.kind]);
    if (object.kind !== 'dictionary') expect(same.fields).toEqual([...object.fields()]);
    if (object.kind === 'array' || object.kind === 'set') {
      expect(first).toEqual([...object.elements()]);
    }
    if (object.kind === 'map') {
      expect(first.map((key: unknown, i: number) => [key, second[i]])).toEqual([
        ...object.entries(),
      ]);
    }
    if (object.kind === 'buffer') {
      const blob = found.blobs.find((piece: { id: number }) => piece.id === object.id);
      expect(blob.bytes).toEqual(object.bytes());
    }
  }
});

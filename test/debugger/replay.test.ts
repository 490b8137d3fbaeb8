/** Recordings: they replay to the same end, survive what they should, and say what changed. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readRecording, recordingBytes } from '../../corefiles/index.ts';
import {
  DEFAULT_SPEC,
  type Execution,
  execute,
  type LoadedProgram,
  loadProgram,
  type Printed,
  printing,
  recordingOf,
  replay,
  type RunSpec,
  sourcesOf,
} from '../../debugger/index.ts';

const race = fileURLToPath(new URL('./programs/race.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rumpus-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first seed whose run loses an update. */
function failing(loaded: LoadedProgram): { spec: RunSpec; run: Execution } {
  for (let seed = 1; seed < 1000; seed++) {
    const spec = { ...DEFAULT_SPEC, seed };
    const run = execute(loaded, spec);
    if (run.outcome.verdict === 'program-error') return { spec, run };
  }
  throw new Error('no seed loses an update');
}

/** A copy of the race with its text edited. */
async function edited(name: string, edit: (text: string) => string): Promise<LoadedProgram> {
  const file = join(folder, name);
  cpSync(race, file);
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
  return loadProgram(file);
}

test('a failing run replays from its file to the same verdict, icount and digest', async () => {
  const loaded = await loadProgram(race);
  const { spec, run } = failing(loaded);
  const data = recordingOf(loaded, spec, run);
  const read = readRecording(recordingBytes(data, sourcesOf(loaded)));
  expect(read.complete).toBe(true);
  const again = replay(loaded, read.data);
  expect(again.divergence).toBeNull();
  expect(again.digest).toBe(data.end.digest);
  expect(again.run.outcome.icount).toBe(run.outcome.icount);
});

test('a dprintf added to the source replays the old recording unchanged', async () => {
  const loaded = await edited('race.ts', (text) => text);
  const { spec, run } = failing(loaded);
  const data = recordingOf(loaded, spec, run);
  const printed: string[] = [];
  const withPrint = await edited('race.ts', (text) =>
    text
      .replace('import { curlwp', 'import { rumpuser_dprintf, curlwp')
      .replace(
        '  counter.x = value',
        "  rumpuser_dprintf('%s writes %d\\n', curlwp().name, value + 1);\n  counter.x = value",
      ),
  );
  const again = replay(withPrint, data, { observer: { dprintf: (text) => printed.push(text) } });
  expect(again.divergence).toBeNull();
  expect(again.changes).toEqual([]);
  expect(printed.sort()).toEqual(['one writes 1\n', 'two writes 1\n']);
});

test('a changed program is refused with the functions that changed; adapt goes on', async () => {
  const loaded = await edited('race.ts', (text) => text);
  const { spec, run } = failing(loaded);
  const data = recordingOf(loaded, spec, run);
  const changed = await edited('race.ts', (text) => text.replace('value + 1', 'value + 1 + 0'));
  expect(() => replay(changed, data)).toThrow(/race\.ts \(increment\) changed/);
  const again = replay(changed, data, { adapt: true });
  expect(again.run.outcome.verdict).toBe('program-error');
});

test('a replay whose schedule does not fit stops at the first difference and says where', async () => {
  const loaded = await loadProgram(race);
  const { spec, run } = failing(loaded);
  const data = recordingOf(loaded, spec, run);
  const directives = data.directives.slice();
  directives[2] = 77;
  const again = replay(loaded, { ...data, directives });
  expect(again.divergence).toMatch(/at icount \d+: point \d+ of LWP \d+: .*LWP 77 runs next/);
});

test('expressions print into the past without touching source or run', async () => {
  const loaded = await loadProgram(race);
  const { spec, run } = failing(loaded);
  const data = recordingOf(loaded, spec, run);
  const lines: Printed[] = [];
  const request = {
    file: 'programs/race.ts',
    lineBase1: 13,
    format: '%d of %d, %s',
    expressions: ['value', 'counter.x', 'nothing'],
  };
  const again = printing(
    [request],
    (line) => lines.push(line),
    () => replay(loaded, data),
  );
  expect(again.divergence).toBeNull();
  expect(lines.map((line) => line.text)).toEqual([
    '0 of 0, <nothing is not defined>',
    '0 of 1, <nothing is not defined>',
  ]);
  expect(lines[0].icount).toBeLessThan(lines[1].icount);
});

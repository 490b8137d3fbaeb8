import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rumpus, rumpusJson, stranger, workFolder } from './cli.ts';

const cwd = workFolder();
const found = rumpusJson(cwd, ['hunt', 'abba.ts', '--ncpu', '2']).json;
const recording = found['recording'] as string;
const other = stranger();

/** Another folder of the same name, with the recording and, if given, an edited program. */
function elsewhere(edit?: (source: string) => string): string {
  const folder = join(workFolder(), '..', 'elsewhere', 'work');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(cwd, recording), join(folder, 'abba.rumpus'));
  if (edit !== undefined) {
    writeFileSync(join(folder, 'abba.ts'), edit(readFileSync(join(cwd, 'abba.ts'), 'utf8')));
  }
  return folder;
}

test('a replay has the same verdict, icount and digest, every time (issue 2)', () => {
  for (let i = 0; i < 3; i++) {
    const { status, json } = rumpusJson(cwd, ['replay', recording]);
    expect(status).toBe(0);
    const { verdict, icount, digest } = found;
    expect(json).toMatchObject({ verdict, icount, digest, identical: true });
  }
});

test('text output ends with the promise that was checked', () => {
  const { stdout } = rumpus(cwd, ['replay', recording]);
  expect(stdout).toContain('identically: verdict, icount and digest are the recorded ones');
});

test('a changed program is refused with exit 2, naming the function; --adapt goes on (issue 2)', () => {
  const folder = elsewhere((source) =>
    source.replace('mutex_exit(second);', 'mutex_exit(second); if (!second) return;'),
  );
  const refused = rumpus(folder, ['replay', 'abba.rumpus'], other);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/abba\.ts \(.*take.*\)/);
  expect(refused.stderr).toContain('--adapt');
  expect(rumpus(folder, ['replay', 'abba.rumpus', '--adapt'], other).status).toBeLessThan(2);
});

test('a program without the bug diverges: --adapt says where, exit 1', () => {
  const folder = elsewhere((source) => source.replace('[b, a]', '[a, b]'));
  const { status, stdout } = rumpus(folder, ['replay', 'abba.rumpus', '--adapt'], other);
  expect(status).toBe(1);
  expect(stdout).toMatch(/the replay diverged .*icount \d+/);
});

test('a rumpuser_dprintf that is added changes nothing but what is printed (DESIGN.md, kernel)', () => {
  const folder = elsewhere((source) =>
    source
      .replace('  program,', '  program,\n  rumpuser_dprintf,')
      .replace(
        'mutex_exit(second);',
        "rumpuser_dprintf('both %s\\n', second.name); mutex_exit(second);",
      ),
  );
  const { status, json, stderr } = rumpusJson(folder, [
    'replay',
    'abba.rumpus',
    '--program',
    'abba.ts',
  ]);
  expect(stderr).not.toContain('other sources');
  expect(status).toBe(0);
  expect(json['digest']).toBe(found['digest']);
});

test('--dprintf prints into the past without touching the source (issue 2)', () => {
  const { status, stdout } = rumpus(cwd, [
    'replay',
    recording,
    '--dprintf',
    'abba.ts:19',
    'first is %s',
    'first.name',
  ]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/cpu\d {2}one {2}first is a {2}work\/abba\.ts:19/);
  expect(stdout).toMatch(/first is b/);
  expect(stdout).toContain('identically');
});

test('--to stops at an icount and shows every LWP', () => {
  const icount = (found['icount'] as number) - 1;
  const { status, json } = rumpusJson(cwd, ['replay', recording, '--to', String(icount)]);
  expect(status).toBe(0);
  expect(json['icount']).toBe(icount);
  const lwps = json['lwps'] as { name: string; frames: { function: string }[] }[];
  expect(lwps.map(({ name }) => name)).toContain('two');
  expect(lwps.some(({ frames }) => frames.some((frame) => frame.function === 'take'))).toBe(true);
  const late = rumpus(cwd, ['replay', recording, '--to', '999999999']);
  expect(late.status).toBe(2);
  expect(late.stderr).toContain('ends at icount');
});

test('when the program is gone, its embedded copy runs only with --trust (DESIGN.md, corefiles)', () => {
  const folder = elsewhere();
  const refused = rumpus(folder, ['replay', 'abba.rumpus'], other);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('--trust');
  const { status, json, stderr } = rumpusJson(folder, ['replay', 'abba.rumpus', '--trust'], other);
  expect(stderr).toContain('running the sources that abba.rumpus brings');
  expect(status).toBe(0);
  expect(json['digest']).toBe(found['digest']);
});

test("a file of one's own runs replays from any folder (tui/own.ts)", () => {
  const { status, json } = rumpusJson(elsewhere(), ['replay', 'abba.rumpus']);
  expect(status).toBe(0);
  expect(json['digest']).toBe(found['digest']);
});

test('a recording cut off in its sources still replays; one without its schedule is refused', () => {
  const bytes = readFileSync(join(cwd, recording));
  const cut = join(cwd, 'cut.rumpus');
  writeFileSync(cut, bytes.subarray(0, bytes.length - 500));
  const most = rumpusJson(cwd, ['replay', 'cut.rumpus']);
  expect(most.json['digest']).toBe(found['digest']);
  expect(most.stderr).toContain('warning');
  writeFileSync(cut, bytes.subarray(0, 400));
  const little = rumpus(cwd, ['replay', 'cut.rumpus']);
  expect(little.status).toBe(2);
  expect(little.stderr).toContain('damaged');
  rmSync(cut);
});
